#include "elementary/reduce_huge.h"
#include <stdint.h>

#pragma STDC FP_CONTRACT OFF

// M. H. Payne, R. N. Hanek, "Radian reduction for trigonometric functions", SIGNUM
// Newsletter 18(1), 1983: of the product x · 2/π only the bits around the binary point
// matter, since whole turns fall away, and they come from a window of the bits of 2/π.

/// 64 zero bits, then the first 1344 binary digits of 2/π.
static const uint64_t two_over_pi[] = {
    0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041,
    0xfe5163abdebbc561, 0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e,
    0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b,
    0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
    0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab,
    0xf0cfbc209af4361d, 0xa9e391615ee61b08,
};

/// The 64 digits from `position` on, position 0 being the first zero.
static uint64_t digits(int position) {
    int word = position >> 6, shift = position & 63;
    uint64_t high = two_over_pi[word] << shift;
    return shift ? high | two_over_pi[word + 1] >> (64 - shift) : high;
}

static double power_of_two(int k) {
    uint64_t b = (uint64_t)(k + 1023) << 52;
    return __builtin_bit_cast(double, b);
}

int ck_reduce_huge(double x, double *head, double *tail) {
    uint64_t b = __builtin_bit_cast(uint64_t, x);
    int biased = (int)(b >> 52) & 0x7ff;
    if (biased == 0x7ff) {
        *head = *tail = __builtin_nan("");
        return 0;
    }
    // |x| = m·2^e. A digit of weight 2^−j with j ≤ e − 2 adds a multiple of 4 quarter
    // turns, so a window of 192 digits begins behind those: the product's two highest
    // bits then count quarter turns and 190 lie behind the point, 137 of them certain
    // (no double comes nearer than 2^−62 to a multiple of π/2).
    uint64_t m = (b & 0x000fffffffffffff) | 0x0010000000000000;
    int e = biased - 1075, first = e - 2 + 64;
    unsigned __int128 low = (unsigned __int128)m * digits(first + 128);
    unsigned __int128 middle = (unsigned __int128)m * digits(first + 64) + (uint64_t)(low >> 64);
    uint64_t p0 = (uint64_t)low, p1 = (uint64_t)middle;
    uint64_t p2 = m * digits(first) + (uint64_t)(middle >> 64);

    // Round to the nearest quarter turn; what is left, a signed fraction of one.
    int quarters = (int)((p2 + ((uint64_t)1 << 61)) >> 62);
    p2 = p2 << 2 | p1 >> 62;
    p1 = p1 << 2 | p0 >> 62;
    p0 = p0 << 2;
    int negative = p2 >> 63;
    if (negative) {
        p0 = ~p0 + 1;
        p1 = ~p1 + (p0 == 0);
        p2 = ~p2 + (p0 == 0 && p1 == 0);
    }
    // The fraction is p2:p1:p0 · 2^−192; its first 106 significant bits as two doubles.
    int zeros = p2 ? __builtin_clzll(p2) : 64 + (p1 ? __builtin_clzll(p1) : 63);
    if (zeros >= 64) {
        p2 = p1;
        p1 = p0;
        p0 = 0;
    }
    int shift = zeros & 63;
    uint64_t top = shift ? p2 << shift | p1 >> (64 - shift) : p2;
    uint64_t next = shift ? p1 << shift | p0 >> (64 - shift) : p1;
    double f = (double)(top >> 11) * power_of_two(-53 - zeros);
    double g = (double)(top << 53 >> 11 | next >> 22) * power_of_two(-106 - zeros);

    double scaled = f * 0x1.921fb54442d18p+0;
    double rest = __builtin_fma(f, 0x1.921fb54442d18p+0, -scaled);
    rest = __builtin_fma(g, 0x1.921fb54442d18p+0, rest);
    rest = __builtin_fma(f, 0x1.1a62633145c07p-54, rest);
    double r = scaled + rest;
    double r_low = (scaled - r) + rest;
    int flip = negative != (x < 0);
    *head = flip ? -r : r;
    *tail = flip ? -r_low : r_low;
    return (x < 0 ? -quarters : quarters) & 3;
}
