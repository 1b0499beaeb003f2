#ifndef CK_REDUCE_HUGE_H
#define CK_REDUCE_HUGE_H

/// Writes head + tail = x − q·π/2, |head| ≤ π/4, for 2^28 ≤ |x|, and returns q mod 4;
/// NaN for ∞ and NaN. Integer arithmetic, the same on all instruction sets.
int ck_reduce_huge(double x, double *head, double *tail);

#endif
