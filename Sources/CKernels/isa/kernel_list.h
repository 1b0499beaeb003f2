// Every kernel that has a version for each instruction set, listed once:
//
//     KERNEL(result, name, (arguments), parameters)
//
// From this list come the table of an instruction set's versions (kernels.h), its contents
// (plain_set.h, vector_set.h) and the public functions ck_name, which take the instruction set as
// their first argument (dispatch.c). What a kernel computes is said in the headers of include/.

// Arithmetic over arrays.
KERNEL(void, add, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, subtract, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, multiply, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, divide, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, minimum, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, maximum, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, less_or_equal, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, copy_sign, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, negate, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, absolute, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, sign, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, square_root, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, positive_reciprocal, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, affine, (offset, factor, x, y, n), double offset, double factor, const double *x,
       double *y, size_t n)
KERNEL(double, sum, (x, n), const double *x, size_t n)
KERNEL(double, dot, (a, b, n), const double *a, const double *b, size_t n)
KERNEL(double, squared_deviations, (x, center, n), const double *x, double center, size_t n)

// Matrix products in single precision, and sums over what they make.
KERNEL(void, multiply_columns, (product, first, columns), const ck_product *product, size_t first,
       size_t columns)
KERNEL(void, column_sums, (x, row, rows, columns, sum), const float *x, size_t row, size_t rows,
       size_t columns, float *sum)
KERNEL(void, column_maxima, (x, row, rows, columns, largest), const float *x, size_t row,
       size_t rows, size_t columns, float *largest)
KERNEL(double, sum_of_squares, (x, n), const float *x, size_t n)

// Matrix products in double precision.
KERNEL(void, add_transposed_product, (sign, a, a_row, b, b_row, c, c_row, rows, columns, depth),
       double sign, const double *a, size_t a_row, const double *b, size_t b_row, double *c,
       size_t c_row, size_t rows, size_t columns, size_t depth)

// Training.
KERNEL(void, adam, (step, g, w, m, v, average, n), const ck_adam_step *step, const float *g,
       float *w, float *m, float *v, float *average, size_t n)

// Conversions to and from half precision.
KERNEL(void, half_from_float, (x, h, n), const float *x, uint16_t *h, size_t n)
KERNEL(void, float_from_half, (h, x, n), const uint16_t *h, float *x, size_t n)

// Chains of arithmetic.
KERNEL(void, chain, (steps, count, memory, stride, destination, n), const ck_chain_step *steps,
       size_t count, double *memory, size_t stride, size_t destination, size_t n)

// Elementary functions, in double and in single precision.
KERNEL(void, exp, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, expm1, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, log, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, log1p, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, sin, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, cos, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, tan, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, tanh, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, erf, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, erfc, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, sigmoid, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, softplus, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, normal_cdf, (x, y, n), const double *x, double *y, size_t n)
KERNEL(void, sincos, (x, sine, cosine, n), const double *x, double *sine, double *cosine, size_t n)
KERNEL(void, pow, (x, y, z, n), const double *x, const double *y, double *z, size_t n)
KERNEL(void, expf, (x, y, n), const float *x, float *y, size_t n)
KERNEL(void, logf, (x, y, n), const float *x, float *y, size_t n)
KERNEL(void, tanhf, (x, y, n), const float *x, float *y, size_t n)
KERNEL(void, sigmoidf, (x, y, n), const float *x, float *y, size_t n)
KERNEL(void, softplusf, (x, y, n), const float *x, float *y, size_t n)

// Random words and draws.
KERNEL(void, philox_fill, (seed, stream, first_block, n_blocks, out), uint64_t seed,
       uint64_t stream, uint64_t first_block, size_t n_blocks, uint32_t *out)
KERNEL(void, uniform, (seed, stream, first, n, out), uint64_t seed, uint64_t stream, uint64_t first,
       size_t n, double *out)
KERNEL(void, logistic, (seed, stream, first, n, out), uint64_t seed, uint64_t stream,
       uint64_t first, size_t n, double *out)
KERNEL(void, exponential, (seed, stream, first, n, out), uint64_t seed, uint64_t stream,
       uint64_t first, size_t n, double *out)
KERNEL(void, normal, (seed, stream, first, n, out), uint64_t seed, uint64_t stream, uint64_t first,
       size_t n, double *out)

// Weight matrices with sparse vectors.
KERNEL(void, axpy_rows_f16, (w, stride, index, x, count, acc, group, groups), const uint16_t *w,
       size_t stride, const uint32_t *index, const float *x, size_t count, float *acc,
       const uint32_t *group, size_t groups)
KERNEL(void, axpy_rows_f32, (w, stride, index, x, count, acc, group, groups), const float *w,
       size_t stride, const uint32_t *index, const float *x, size_t count, float *acc,
       const uint32_t *group, size_t groups)
KERNEL(void, dot_rows_f16, (w, stride, index, count, g, out, group, groups), const uint16_t *w,
       size_t stride, const uint32_t *index, size_t count, const float *g, float *out,
       const uint32_t *group, size_t groups)
KERNEL(void, dot_rows_f32, (w, stride, index, count, g, out, group, groups), const float *w,
       size_t stride, const uint32_t *index, size_t count, const float *g, float *out,
       const uint32_t *group, size_t groups)
KERNEL(void, add_squares_f16, (w, acc, n), const uint16_t *w, float *acc, size_t n)
KERNEL(void, add_squares_f32, (w, acc, n), const float *w, float *acc, size_t n)

// Rectified layers.
KERNEL(ck_activity, rectify_groups, (y, group, groups, layer), const float *y,
       const uint32_t *group, size_t groups, ck_layer layer)
KERNEL(ck_activity, observe, (x, first, groups, previous, group), const float *x, size_t first,
       size_t groups, float *previous, uint32_t *group)
KERNEL(size_t, possibly_active, (inactive_until, first, n, drift, index),
       const float *inactive_until, size_t first, size_t n, float drift, uint32_t *index)

// Small matrices with the channels of an image.
KERNEL(void, mix_channels, (a, outputs, inputs, bias, x, y, positions), const double *a,
       size_t outputs, size_t inputs, const double *bias, const double *x, double *y,
       size_t positions)
KERNEL(void, correlate_channels, (g, rows, x, columns, positions, out), const double *g,
       size_t rows, const double *x, size_t columns, size_t positions, double *out)
KERNEL(void, solve_unit_lower, (l, channels, v, positions), const double *l, size_t channels,
       double *v, size_t positions)
KERNEL(void, solve_upper, (u, s, channels, v, positions), const double *u, const double *s,
       size_t channels, double *v, size_t positions)
KERNEL(void, add_products, (a, b, y, n), const double *a, const double *b, double *y, size_t n)
KERNEL(void, subtract_products, (a, b, y, n), const double *a, const double *b, double *y, size_t n)

// Steps of a flow of invertible convolutions.
KERNEL(void, couple, (r, t, x, mask, log_scale, scale, y, n), const float *r, const float *t,
       const float *x, const float *mask, float *log_scale, float *scale, float *y, size_t n)
KERNEL(void, uncouple, (r, t, x, mask, log_scale, y, n), const float *r, const float *t,
       const float *x, const float *mask, float *log_scale, float *y, size_t n)
KERNEL(void, couple_slopes, (x, mask, log_scale, scale, weight, g, r_slope, t_slope, n),
       const float *x, const float *mask, const float *log_scale, const float *scale, float weight,
       float *g, float *r_slope, float *t_slope, size_t n)
KERNEL(void, spline_map, (spline, x, mask, log_scale, y, n), const ck_spline *spline,
       const float *x, const float *mask, float *log_scale, float *y, size_t n)
KERNEL(void, spline_inverse, (spline, x, mask, log_scale, y, n), const ck_spline *spline,
       const float *x, const float *mask, float *log_scale, float *y, size_t n)
KERNEL(void, spline_slopes, (spline, x, mask, weight, g, slopes, n), const ck_spline *spline,
       const float *x, const float *mask, float weight, float *g, float *slopes, size_t n)
KERNEL(void, unmix, (lower, upper, bias, permutation, depth, mask, period, x, y, rows),
       const float *lower, const float *upper, const float *bias, const size_t *permutation,
       size_t depth, const float *mask, size_t period, const float *x, float *y, size_t rows)

// The gambler's walk.
KERNEL(bool, ruin_walk, (law, seed, first, position, left, blocks, count, budget),
       const ck_ruin_law *law, uint64_t seed, uint64_t first, int64_t *position, uint64_t *left,
       uint64_t *blocks, size_t count, uint64_t budget)
KERNEL(uint32_t, ruin_draws, (seed, first, count, blocks), uint64_t seed, uint64_t first,
       size_t count, size_t blocks)
