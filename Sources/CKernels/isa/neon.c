// arm64.
#if defined(__aarch64__)
#include "isa/system.h"
#define TABLE ck_kernels_neon
#define REGISTER 16
#include "isa/vector_set.h"
#endif
