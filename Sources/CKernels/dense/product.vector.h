// Matrix products in single precision. A panel, as many columns of B as fill V registers and
// at most BLOCK_DEPTH of their rows, is copied to where it lies in order, and stays in the nearest caches
// while all rows of A pass it, R at a time; their sums are in registers meanwhile, and in C between two
// blocks. How the work is cut into blocks touches no sum.

#if REGISTER == 32
// 12 sums of 16 registers.
#define TILE_ROWS 6
#define TILE_VECTORS 2
#else
// 24 sums of 32 registers.
#define TILE_ROWS 8
#define TILE_VECTORS 3
#endif
enum { BLOCK_DEPTH = 256, TILE_COLUMNS = TILE_VECTORS * LANES_F32 };

/// Copies `depth` rows of B from row k, `columns` columns from column j, into rows of `stride`,
/// filled up with zeros.
INLINE void copy_panel(const ck_product *p, size_t k, size_t depth, size_t j, size_t columns,
                       size_t stride, float *panel) {
    if (p->b_column == 1 && !p->column_index) {
        for (size_t t = 0; t < depth; t++) {
            const float *row = p->b + indexed(p->depth_index, k + t) * p->b_depth + j;
            float *target = panel + t * stride;
            if (columns == stride) {
                for (size_t v = 0; v < stride; v += LANES_F32) store_f32(target + v, load_f32(row + v));
                continue;
            }
            memcpy(target, row, columns * sizeof *row);
            memset(target + columns, 0, (stride - columns) * sizeof *row);
        }
        return;
    }
    // Sixteen rows at a time: their lines stay near until all columns have been written to them.
    for (size_t first = 0; first < depth; first += 16) {
        size_t last = depth - first < 16 ? depth : first + 16;
        for (size_t column = 0; column < columns; column++) {
            const float *source = p->b + indexed(p->column_index, j + column) * p->b_column;
            float *target = panel + column;
            if (p->depth_index)
                for (size_t t = first; t < last; t++)
                    target[t * stride] = source[p->depth_index[k + t] * p->b_depth];
            else
                for (size_t t = first; t < last; t++)
                    target[t * stride] = source[(k + t) * p->b_depth];
        }
        for (size_t t = first; t < last && columns < stride; t++)
            memset(panel + t * stride + columns, 0, (stride - columns) * sizeof *panel);
    }
}

/// Where a tile's numbers stand: in the product's arrays, or in copies that are filled up.
typedef struct {
    float *c;
    size_t c_row;
    const float *bias, *gate;
    size_t gate_row;
} tile_place;

/// R rows by V registers: `depth` terms of each sum. IN_ROWS: A's rows are contiguous, else its
/// columns.
INLINE void product_tile(const size_t R, const size_t V, const bool IN_ROWS, const ck_product *p,
                         const float *a, const float *panel, size_t depth, tile_place place,
                         bool is_first, bool is_last) {
    floats sum[TILE_ROWS][TILE_VECTORS];
    UNROLLED(r, R) {
        UNROLLED(v, V) {
            float *c = place.c + r * place.c_row + v * LANES_F32;
            sum[r][v] = is_first && !p->accumulates ? (floats)0.0f : load_f32(c);
            if (is_first && place.bias) sum[r][v] += load_f32(place.bias + v * LANES_F32);
        }
    }
    for (size_t t = 0; t < depth; t++) {
        floats b[TILE_VECTORS];
        UNROLLED(v, V) b[v] = load_f32(panel + (t * V + v) * LANES_F32);
        UNROLLED(r, R) {
            float factor = IN_ROWS ? a[r * p->a_row + t] : a[t * p->a_depth + r];
            UNROLLED(v, V) sum[r][v] = fma_f32((floats)factor, b[v], sum[r][v]);
        }
    }
    UNROLLED(r, R) {
        UNROLLED(v, V) {
            floats y = sum[r][v];
            if (is_last && p->rectifies) y = y <= 0 ? (floats)0.0f : y;
            if (is_last && place.gate)
                y = load_f32(place.gate + r * place.gate_row + v * LANES_F32) > 0 ? y : (floats)0.0f;
            store_f32(place.c + r * place.c_row + v * LANES_F32, y);
        }
    }
}

/// R rows from row i on, `columns` columns from column j on, which fill V registers or fewer.
INLINE void product_rows(const size_t R, const size_t V, const bool IN_ROWS, const ck_product *p,
                         size_t i, size_t j, size_t columns, size_t k, size_t depth,
                         const float *panel) {
    const float *a = p->a + i * p->a_row + k * p->a_depth;
    float *c = p->c + i * p->c_row + j;
    const float *gate = p->gate ? p->gate + i * p->gate_row + j : NULL;
    bool is_first = k == 0, is_last = k + depth == p->depth;
    if (columns == V * LANES_F32) {
        tile_place place = {c, p->c_row, p->bias ? p->bias + j : NULL, gate, p->gate_row};
        product_tile(R, V, IN_ROWS, p, a, panel, depth, place, is_first, is_last);
        return;
    }
    float sums[TILE_ROWS * TILE_COLUMNS] = {0}, gates[TILE_ROWS * TILE_COLUMNS] = {0};
    float bias[TILE_COLUMNS] = {0};
    size_t bytes = columns * sizeof *c;
    for (size_t r = 0; r < R; r++) {
        memcpy(sums + r * TILE_COLUMNS, c + r * p->c_row, bytes);
        if (gate) memcpy(gates + r * TILE_COLUMNS, gate + r * p->gate_row, bytes);
    }
    if (p->bias) memcpy(bias, p->bias + j, bytes);
    tile_place place = {sums, TILE_COLUMNS, p->bias ? bias : NULL, gate ? gates : NULL, TILE_COLUMNS};
    product_tile(R, V, IN_ROWS, p, a, panel, depth, place, is_first, is_last);
    for (size_t r = 0; r < R; r++) memcpy(c + r * p->c_row, sums + r * TILE_COLUMNS, bytes);
}

/// `columns` columns from column j on, which fill V registers or fewer.
INLINE void product_panel(const size_t V, const bool IN_ROWS, const ck_product *p, size_t j,
                          size_t columns) {
    float panel[BLOCK_DEPTH * TILE_COLUMNS] __attribute__((aligned(64)));
    size_t k = 0;
    do {
        size_t depth = p->depth - k < BLOCK_DEPTH ? p->depth - k : BLOCK_DEPTH;
        copy_panel(p, k, depth, j, columns, V * LANES_F32, panel);
        size_t i = 0;
        for (; i + TILE_ROWS <= p->rows; i += TILE_ROWS)
            product_rows(TILE_ROWS, V, IN_ROWS, p, i, j, columns, k, depth, panel);
        for (; i < p->rows; i++) product_rows(1, V, IN_ROWS, p, i, j, columns, k, depth, panel);
        k += depth;
    } while (k < p->depth);
}

#define PANEL(vectors)                                                                           \
    static void product_panel_##vectors(const ck_product *p, size_t j, size_t columns) {         \
        if (p->a_depth == 1) product_panel(vectors, true, p, j, columns);                        \
        else product_panel(vectors, false, p, j, columns);                                       \
    }
PANEL(1)
PANEL(2)
#if TILE_VECTORS == 3
PANEL(3)
#endif
#undef PANEL

static void kernel_multiply_columns(const ck_product *p, size_t first, size_t columns) {
    for (size_t end = first + columns; first < end; first += TILE_COLUMNS) {
        size_t count = end - first < TILE_COLUMNS ? end - first : TILE_COLUMNS;
        if (count <= LANES_F32) product_panel_1(p, first, count);
#if TILE_VECTORS == 3
        else if (count > 2 * LANES_F32) product_panel_3(p, first, count);
#endif
        else product_panel_2(p, first, count);
    }
}

static void kernel_column_sums(const float *x, size_t row, size_t rows, size_t columns, float *sum) {
    size_t j = 0;
    for (; j + LANES_F32 <= columns; j += LANES_F32) {
        floats total = 0;
        for (size_t i = 0; i < rows; i++) total += load_f32(x + i * row + j);
        store_f32(sum + j, total);
    }
    plain_column_sums(x + j, row, rows, columns - j, sum + j);
}

static void kernel_column_maxima(const float *x, size_t row, size_t rows, size_t columns,
                                 float *largest) {
    size_t j = 0;
    for (; j + LANES_F32 <= columns; j += LANES_F32) {
        floats most = 0;
        for (size_t i = 0; i < rows; i++) {
            floats next = load_f32(x + i * row + j);
            most = next > most || next != next ? next : most;
        }
        store_f32(largest + j, most);
    }
    plain_column_maxima(x + j, row, rows, columns - j, largest + j);
}

static double kernel_sum_of_squares(const float *x, size_t n) {
    typedef float singles __attribute__((ext_vector_type(16), aligned(4)));
    sum_lanes sums = 0;
    size_t i = 0;
    for (; i + SUM_LANES <= n; i += SUM_LANES) {
        sum_lanes values = __builtin_convertvector(*(const singles *)(x + i), sum_lanes);
        sums += values * values;
    }
    double lane[SUM_LANES];
    memcpy(lane, &sums, sizeof lane);
    for (int l = 0; i < n; i++, l++) lane[l] += (double)x[i] * (double)x[i];
    return fold_sum(lane);
}
