/* SPDX-License-Identifier: MIT */
/*
 * One loop of loops_dtype.h with a mask, in groups of the 32 elements whose
 * mask comes at once.  NAME, CORE, INSTEAD (what a dropped element becomes)
 * and DY, defined where there are gradients dy beside x, are used up.
 */
#ifdef DY
#define WITH_DY(...) __VA_ARGS__
#else
#define WITH_DY(...)
#endif
#define OF_BATCH JOIN(JOIN(NAME, batch), DTYPE)
#define OF_SOME  JOIN(JOIN(NAME, some), DTYPE)
#define OF_LOOP  JOIN(JOIN(NAME, loop), DTYPE)

/* bit i of keep: of element i */
SN_INLINE void OF_BATCH(const struct ELU_IN *k, T *out,
    WITH_DY(const T *by, ) const T *in, uint32_t keep, int past)
{
    enum { n = BATCH };
    vd x[n], y[n];
    EACH x[u] = GET(in + u * D_LANES);
    WITH_DY(vd dy[n]; EACH dy[u] = GET(by + u * D_LANES);)
    CORE(k, n, y, x);
    EACH y[u] = vd_select(vm_of_bits(keep >> u * D_LANES), y[u], INSTEAD);
    if (past)
        EACH PUT_PAST(out + u * D_LANES, y[u]);
    else
        EACH PUT(out + u * D_LANES, y[u]);
}

SN_INLINE void OF_SOME(const struct ELU_IN *k, T *out,
    WITH_DY(const T *by, ) const T *in, uint32_t keep, size_t n)
{
    vd y[1], x[1] = {GET_SOME(in, n)};
    WITH_DY(vd dy[1] = {GET_SOME(by, n)};)
    CORE(k, 1, y, x);
    PUT_SOME(out, vd_select(vm_of_bits(keep), *y, INSTEAD), n);
}

SN_INLINE void OF_LOOP(void *y, WITH_DY(const void *dy, ) const void *x,
    size_t n, const struct sn_alpha_dropout *d, uint64_t offset, int general)
{
    enum { ELEMENTS = BATCH * D_LANES };
    T *const out = y;
    const T *const in = x;
    assert(fits(y, x, n * sizeof(T)));
    WITH_DY(const T *const by = dy; assert(fits(y, dy, n * sizeof(T)));)
    struct ELU_IN k = ELU_IN(&d->elu, d);
    k.general = general;
    const void *other = x;
    WITH_DY(other = dy;)
    const size_t ahead = ahead_of_stream(y, x, other, n, sizeof(T));
    const int past = ahead != SIZE_MAX;
    struct keeper keeper = keeper_at(d, offset);
    for (size_t i = 0, m; i < n; i += m) {
        m = n - i < 32 ? n - i : 32;
        if (i == 0 && past && ahead)
            m = ahead; /* less than a line */
        uint32_t keep = keep_next(&keeper);
        if (m == 32 && past)
            for (size_t v = 0; v < 32; v += ELEMENTS)
                OF_BATCH(&k, out + i + v, WITH_DY(by + i + v, ) in + i + v,
                    keep >> v, 1);
        else if (m == 32)
            for (size_t v = 0; v < 32; v += ELEMENTS)
                OF_BATCH(&k, out + i + v, WITH_DY(by + i + v, ) in + i + v,
                    keep >> v, 0);
        else {
            for (size_t v = 0; v < m; v += D_LANES)
                OF_SOME(&k, out + i + v, WITH_DY(by + i + v, ) in + i + v,
                    keep >> v, m - v < D_LANES ? m - v : D_LANES);
            if (i + m < n)
                keeper = keeper_at(d, offset + i + m);
        }
    }
    if (past)
        end_of_stream();
}

static void JOIN(NAME, DTYPE)(void *y, WITH_DY(const void *dy, ) const void *x,
    size_t n, const struct sn_alpha_dropout *d, uint64_t offset)
{
    if (d->elu.rate == 1)
        OF_LOOP(y, WITH_DY(dy, ) x, n, d, offset, 0);
    else
        OF_LOOP(y, WITH_DY(dy, ) x, n, d, offset, 1);
}
#undef NAME
#undef CORE
#undef INSTEAD
#undef DY
#undef WITH_DY
#undef OF_BATCH
#undef OF_SOME
#undef OF_LOOP
