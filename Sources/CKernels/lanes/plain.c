// The reference: one lane, portable C.
#define CK_DOUBLES 1
#define CK_FLOATS 1
#define CK_TABLE ck_lanes_plain
#include "kernels.h"
