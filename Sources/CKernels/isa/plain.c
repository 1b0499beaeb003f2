// Portable C, one element at a time: the reference.
#include "isa/system.h"
#define TABLE ck_kernels_plain
#include "isa/plain_set.h"
