// Conversions between single and half precision, a register at a time.

static void kernel_half_from_float(const float *x, uint16_t *h, size_t n) {
    size_t j = 0;
    for (; j + LANES_F32 <= n; j += LANES_F32) store_f16(h + j, load_f32(x + j));
    plain_half_from_float(x + j, h + j, n - j);
}

static void kernel_float_from_half(const uint16_t *h, float *x, size_t n) {
    size_t j = 0;
    for (; j + LANES_F32 <= n; j += LANES_F32) store_f32(x + j, load_f16(h + j));
    plain_float_from_half(h + j, x + j, n - j);
}
