/// `fold_lanes` of 32 lanes that are held in registers.
INLINE float fold_registers(const floats *registers) {
    float lane[32];
    for (size_t l = 0; l < 32; l += LANES_F32) store_f32(lane + l, registers[l / LANES_F32]);
    typedef float sixteen __attribute__((ext_vector_type(16), aligned(4)));
    sixteen s = *(sixteen *)lane + *(sixteen *)(lane + 16);
    float __attribute__((ext_vector_type(8))) e = s.lo + s.hi;
    float __attribute__((ext_vector_type(4))) q = e.lo + e.hi;
    float __attribute__((ext_vector_type(2))) d = q.lo + q.hi;
    return d.x + d.y;
}
