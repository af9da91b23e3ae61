/* SPDX-License-Identifier: MIT */
/*
 * A dense layer with SELU and alpha dropout, forward and backward, with the
 * library alone.  In the folder that holds kernels/:
 *   cc -O2 kernels/example/layer.c kernels/[a-z]*.c -lm
 * With the library installed, include <selfnorm/kernels.h> and:
 *   cc layer.c $(pkg-config --cflags --libs selfnorm-kernels) -lm
 * Prints mean and variance after each layer: both stay near 0 and 1.
 */
#include "../kernels.h"
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 256, BATCH = 64, LAYERS = 8 };

static float weight[WIDTH * WIDTH], z[BATCH * WIDTH], y[BATCH * WIDTH],
    dz[BATCH * WIDTH];

/* z = y w, row by row */
static void dense(void)
{
    for (int b = 0; b < BATCH; b++)
        for (int i = 0; i < WIDTH; i++) {
            float sum = 0;
            for (int j = 0; j < WIDTH; j++)
                sum += weight[i * WIDTH + j] * y[b * WIDTH + j];
            z[b * WIDTH + i] = sum;
        }
}

int main(void)
{
    const size_t n = (size_t)BATCH * WIDTH;
    struct sn_alpha_dropout dropout;
    if (sn_isa_error()) {
        fprintf(stderr, "%s\n", sn_isa_error());
        return 1;
    }
    if (!sn_alpha_dropout_init(&dropout, 0.05, 1706) ||
        !sn_lecun_f32(y, 0, BATCH, WIDTH, SN_LECUN_NORMAL, 1))
        return 1;
    for (size_t i = 0; i < n; i++)
        y[i] *= 16; /* inputs of variance 1 */
    printf("kernels on %s\n", sn_isa_name());
    for (unsigned layer = 0; layer < LAYERS; layer++) {
        if (!sn_lecun_f32(
                weight, 0, WIDTH, WIDTH, SN_LECUN_NORMAL, 10 + layer))
            return 1;
        dense();
        /* the offset: this layer's part of one long stream of random bits */
        sn_selu_alpha_dropout_f32(y, z, n, &dropout, layer * n);
        double mean = 0, square = 0;
        for (size_t i = 0; i < n; i++) {
            mean += (double)y[i] / (double)n;
            square += (double)y[i] * (double)y[i] / (double)n;
        }
        printf("layer %u: mean %6.3f variance %.3f\n", layer, mean,
            square - mean * mean);
    }
    /* backward through the last layer, with the same mask; dz may be dy */
    for (size_t i = 0; i < n; i++)
        dz[i] = 1;
    sn_selu_alpha_dropout_grad_f32(dz, dz, z, n, &dropout, (LAYERS - 1) * n);
    return 0;
}
