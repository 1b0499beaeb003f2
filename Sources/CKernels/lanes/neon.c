#if defined(__aarch64__)
#define CK_DOUBLES 2
#define CK_FLOATS 4
#define CK_TABLE ck_lanes_neon
#include "kernels.h"
#endif
