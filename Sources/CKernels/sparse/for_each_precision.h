// Includes TEMPLATE once for weights in half precision and once for weights in single precision.
// WEIGHT is the type of a weight in memory, OF(f) the name of f for it; WIDEN makes one weight a
// float and LOAD_WEIGHTS a register of them floats, both exactly.

#define WEIGHT uint16_t
#define OF(f) f##_f16
#define WIDEN(w) ck_half_to_float1(w)
#define LOAD_WEIGHTS load_f16
#include TEMPLATE
#undef WEIGHT
#undef OF
#undef WIDEN
#undef LOAD_WEIGHTS

#define WEIGHT float
#define OF(f) f##_f32
#define WIDEN(w) (w)
#define LOAD_WEIGHTS load_f32
#include TEMPLATE
#undef WEIGHT
#undef OF
#undef WIDEN
#undef LOAD_WEIGHTS

#undef TEMPLATE
