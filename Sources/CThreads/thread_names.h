// What Linux has and the Glibc module leaves out: <pthread.h> declares these under _GNU_SOURCE only.
#ifndef CTHREADS_H
#define CTHREADS_H

#include <pthread.h>

int pthread_setname_np(pthread_t thread, const char *name);
int pthread_getname_np(pthread_t thread, char *name, size_t size);

#endif
