/* SPDX-License-Identifier: MIT */
/*
 * The loops of loops.h for one DTYPE other than forward: gradient, and those
 * with alpha dropout, in blocks of the 32 elements whose mask comes at once.
 */
static void JOIN(gradient, DTYPE)(void *dx, const void *dy, const void *x,
    size_t n, const struct sn_elu *elu)
{
    T *out = dx;
    const T *in = x, *by = dy;
    assert(fits(dx, x, n * sizeof(T)) && fits(dx, dy, n * sizeof(T)));
    const struct ELU_IN k = ELU_IN(elu, NULL);
    const size_t ahead = ahead_of_stream(dx, x, dy, n, sizeof(T));
    size_t i = 0;
    if (ahead != SIZE_MAX) {
        for (; i < ahead; i++)
            PUT_SOME(out + i,
                F_GRADIENT(&k, GET_SOME(by + i, 1), GET_SOME(in + i, 1)), 1);
        for (; n - i >= D_LANES; i += D_LANES)
            PUT_PAST(out + i, F_GRADIENT(&k, GET(by + i), GET(in + i)));
        end_of_stream();
    }
    for (; n - i >= D_LANES; i += D_LANES)
        PUT(out + i, F_GRADIENT(&k, GET(by + i), GET(in + i)));
    if (i < n)
        PUT_SOME(out + i,
            F_GRADIENT(&k, GET_SOME(by + i, n - i), GET_SOME(in + i, n - i)),
            n - i);
}

/* VECTOR(y) and VECTOR_SOME(y, m) give y for the elements from i + v on */
#define DROPPING(OTHER, INSTEAD, WHOLE, PART)                                 \
    T *const out = y;                                                         \
    const T *const in = x;                                                    \
    assert(fits(y, x, n * sizeof(T)));                                        \
    const size_t ahead = ahead_of_stream(y, x, OTHER, n, sizeof(T));          \
    const int past = ahead != SIZE_MAX;                                       \
    struct keeper keeper = keeper_at(d, offset);                              \
    for (size_t i = 0, m; i < n; i += m) {                                    \
        m = n - i < 32 ? n - i : 32;                                          \
        if (i == 0 && past && ahead)                                          \
            m = ahead;                                                        \
        const uint32_t keep = keep_next(&keeper);                             \
        size_t v = 0;                                                         \
        if (past && m == 32)                                                  \
            for (; v < m; v += D_LANES)                                       \
                PUT_PAST(out + i + v,                                         \
                    vd_select(vm_of_bits(keep >> v), WHOLE, INSTEAD));        \
        else                                                                  \
            for (; m - v >= D_LANES; v += D_LANES)                            \
                PUT(out + i + v,                                              \
                    vd_select(vm_of_bits(keep >> v), WHOLE, INSTEAD));        \
        if (v < m)                                                            \
            PUT_SOME(out + i + v,                                             \
                vd_select(vm_of_bits(keep >> v), PART, INSTEAD), m - v);      \
        if (m < 32)                                                           \
            keeper = keeper_at(d, offset + i + m);                            \
    }                                                                         \
    if (past)                                                                 \
    end_of_stream()

static void JOIN(dropout, DTYPE)(void *y, const void *x, size_t n,
    const struct sn_alpha_dropout *d, uint64_t offset)
{
    const struct ELU_IN k = ELU_IN(&d->elu, d);
    DROPPING(x, k.dropped, F_DROPOUT(&k, GET(in + i + v)),
        F_DROPOUT(&k, GET_SOME(in + i + v, m - v)));
}

static void JOIN(fused, DTYPE)(void *y, const void *x, size_t n,
    const struct sn_alpha_dropout *d, uint64_t offset)
{
    const struct ELU_IN k = ELU_IN(&d->elu, d);
    DROPPING(x, k.dropped, F_FUSED(&k, GET(in + i + v)),
        F_FUSED(&k, GET_SOME(in + i + v, m - v)));
}

static void JOIN(dropout_gradient, DTYPE)(void *y, const void *x, size_t n,
    const struct sn_alpha_dropout *d, uint64_t offset)
{
    const struct ELU_IN k = ELU_IN(&d->elu, d);
    DROPPING(x, vd_set(0), F_DROPOUT_GRADIENT(&k, GET(in + i + v)),
        F_DROPOUT_GRADIENT(&k, GET_SOME(in + i + v, m - v)));
}

static void JOIN(fused_gradient, DTYPE)(void *y, const void *dy, const void *x,
    size_t n, const struct sn_alpha_dropout *d, uint64_t offset)
{
    const T *const by = dy;
    assert(fits(y, dy, n * sizeof(T)));
    const struct ELU_IN k = ELU_IN(&d->elu, d);
    DROPPING(dy, vd_set(0), F_GRADIENT(&k, GET(by + i + v), GET(in + i + v)),
        F_GRADIENT(
            &k, GET_SOME(by + i + v, m - v), GET_SOME(in + i + v, m - v)));
}
#undef DROPPING
