// What Linux has and the Glibc module leaves out.
#ifndef CEPOLL_H
#define CEPOLL_H

#include <linux/filter.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#endif
