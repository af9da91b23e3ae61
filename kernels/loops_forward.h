/* SPDX-License-Identifier: MIT */
/*
 * One forward loop of loops.h: NAME, K (of its constants), MAKE_K, V, V_LANES
 * and V_BATCH are used up, as are LOADS(n, v, p), STORES and STREAMS of n
 * vectors; T, GET_SOME, PUT_SOME and F_FORWARD stay.
 */
SN_INLINE void JOIN(NAME, batch)(
    const struct K *k, T *out, const T *in, int past)
{
    enum { n = V_BATCH };
    V x[n], y[n];
    LOADS(n, x, in);
    F_FORWARD(k, n, y, x);
    if (past)
        STREAMS(n, out, y);
    else
        STORES(n, out, y);
}

SN_INLINE void JOIN(NAME, some)(
    const struct K *k, T *out, const T *in, size_t n)
{
    V y, x = GET_SOME(in, n);
    F_FORWARD(k, 1, &y, &x);
    PUT_SOME(out, y, n);
}

SN_INLINE void JOIN(NAME, loop)(
    void *y, const void *x, size_t n, const struct sn_elu *elu, int general)
{
    enum { ELEMENTS = V_BATCH * V_LANES };
    T *out = y;
    const T *in = x;
    assert(fits(y, x, n * sizeof(T)));
    struct K k = MAKE_K;
    k.general = general;
    const size_t ahead = ahead_of_stream(y, x, x, n, sizeof(T));
    size_t i = 0;
    if (ahead != SIZE_MAX) {
        for (; i < ahead; i++)
            JOIN(NAME, some)(&k, out + i, in + i, 1);
        for (; n - i >= ELEMENTS; i += ELEMENTS)
            JOIN(NAME, batch)(&k, out + i, in + i, 1);
        end_of_stream();
    }
    for (; n - i >= ELEMENTS; i += ELEMENTS)
        JOIN(NAME, batch)(&k, out + i, in + i, 0);
    for (size_t m; i < n; i += m) {
        m = n - i < V_LANES ? n - i : V_LANES;
        JOIN(NAME, some)(&k, out + i, in + i, m);
    }
}

static void NAME(void *y, const void *x, size_t n, const struct sn_elu *elu)
{
    if (elu == &sn_paper_selu)
        JOIN(NAME, loop)(y, x, n, elu, 0);
    else
        JOIN(NAME, loop)(y, x, n, elu, 1);
}
#undef NAME
#undef K
#undef MAKE_K
#undef V
#undef V_LANES
#undef V_BATCH
#undef LOADS
#undef STORES
#undef STREAMS
