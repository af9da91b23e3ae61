/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the body of a part of networks, or of a training run that was
 * kept (the first byte says which): refused, or what is there is in range.
 */
#include "verify/networks/parts.h"
#include "verify/training/experiment/kept.h"
#include <stdlib.h>
#include <string.h>

static void parse_networks(char *body)
{
    static struct net_networks settings;
    struct net_ensemble part;
    if (!settings.width && net_preset(&settings) != SN_OK)
        abort();
    settings.depth = 4;
    if (net_ensemble_init(&part, &settings) != SN_OK)
        abort();
    if (net_part_parse(&part, body, 0, 8) == SHARED_PARTS_OK &&
        (part.networks != 8 || part.layers > 5))
        abort();
    net_ensemble_clear(&part);
}

static void parse_run(char *body)
{
    const struct train_recipe recipe = {.depth = 3, .steps = 100};
    struct train_run run;
    enum shared_parts_state state = train_kept_parse(&run, body, &recipe);
    if (state == SHARED_PARTS_OK
            ? run.best >= run.checkpoints || run.steps > recipe.steps
            : run.outcome != TRAIN_RUN_MISSING || run.layer)
        abort();
    train_run_clear(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *body = malloc(size + 1);
    if (!size || !body) {
        free(body);
        return 0;
    }
    memcpy(body, bytes + 1, size - 1);
    body[size - 1] = '\0';
    if (*bytes & 1)
        parse_networks(body);
    else
        parse_run(body);
    free(body);
    return 0;
}
