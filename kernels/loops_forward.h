/* SPDX-License-Identifier: MIT */
/* One forward loop of loops.h: FORWARD_NAME, V_LANES and CONSTANTS are used
   up, T, GET, PUT, ... and F_FORWARD stay. */
static void FORWARD_NAME(
    void *y, const void *x, size_t n, const struct sn_elu *elu)
{
    T *out = y;
    const T *in = x;
    assert(fits(y, x, n * sizeof(T)));
    CONSTANTS;
    const size_t ahead = ahead_of_stream(y, x, x, n, sizeof(T));
    size_t i = 0;
    if (ahead != SIZE_MAX) {
        for (; i < ahead; i++)
            PUT_SOME(out + i, F_FORWARD(&k, GET_SOME(in + i, 1)), 1);
        for (; n - i >= V_LANES; i += V_LANES)
            PUT_PAST(out + i, F_FORWARD(&k, GET(in + i)));
        end_of_stream();
    }
    for (; n - i >= V_LANES; i += V_LANES)
        PUT(out + i, F_FORWARD(&k, GET(in + i)));
    if (i < n)
        PUT_SOME(out + i, F_FORWARD(&k, GET_SOME(in + i, n - i)), n - i);
}
#undef FORWARD_NAME
#undef V_LANES
#undef CONSTANTS
