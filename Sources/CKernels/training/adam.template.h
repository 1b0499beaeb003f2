// A step of AdamW, a vector of elements at a time. The reference has vectors of one lane.

/// SINGLE_LANES elements.
INLINE void adam_lanes(const ck_adam_step *step, const float *g, float *w, float *m, float *v,
                       float *average) {
    vf gradient = g ? step->gradient_factor * load_f(g) : (vf)0.0f;
    vf first = fma_f((vf)step->first_decay, load_f(m), step->first_share * gradient);
    vf second = fma_f((vf)step->second_decay, load_f(v), (step->second_share * gradient) * gradient);
    vf root = fma_f(__builtin_elementwise_sqrt(second), (vf)step->second_factor, (vf)step->epsilon);
    vf weight = fma_f(-(vf)step->step, first / root, step->retained * load_f(w));
    store_f(m, first);
    store_f(v, second);
    store_f(w, weight);
    if (!average) return;
    vf mean = load_f(average);
    store_f(average, fma_f((vf)step->average_share, weight - mean, mean));
}

static void kernel_adam(const ck_adam_step *step, const float *g, float *w, float *m, float *v,
                        float *average, size_t n) {
    size_t i = 0;
    for (; n - i >= SINGLE_LANES; i += SINGLE_LANES)
        adam_lanes(step, g ? g + i : NULL, w + i, m + i, v + i, average ? average + i : NULL);
    if (i == n) return;
    size_t bytes = (n - i) * sizeof *w;
    float rest[5][SINGLE_LANES] = {0};
    if (g) memcpy(rest[0], g + i, bytes);
    memcpy(rest[1], w + i, bytes);
    memcpy(rest[2], m + i, bytes);
    memcpy(rest[3], v + i, bytes);
    if (average) memcpy(rest[4], average + i, bytes);
    adam_lanes(step, g ? rest[0] : NULL, rest[1], rest[2], rest[3], average ? rest[4] : NULL);
    memcpy(w + i, rest[1], bytes);
    memcpy(m + i, rest[2], bytes);
    memcpy(v + i, rest[3], bytes);
    if (average) memcpy(average + i, rest[4], bytes);
}
