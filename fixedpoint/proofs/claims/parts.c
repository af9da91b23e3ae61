/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a claim: collected with their texts, then tried one by one. */
#include "fixedpoint/proofs/claims/parts.h"
#include <stdlib.h>
#include <string.h>

enum { LEAST_SHARE = 2000 };

const char *claim_keep(struct claim_result *result, const char *text)
{
    char **more =
        realloc(result->text, (result->texts + 1) * sizeof *result->text);
    if (!more)
        return NULL;
    result->text = more;
    char *copy = strdup(text);
    if (copy)
        more[result->texts++] = copy;
    return copy;
}

struct claim_part *claim_add(struct claim_result *result,
    const struct claim_part *model, const char *name, const char *limit,
    const char *const (*domain)[2])
{
    struct claim_part *more =
        realloc(result->parts, (result->planned + 1) * sizeof *more);
    if (!more)
        return NULL;
    result->parts = more;
    struct claim_part *part = &more[result->planned];
    *part = *model;
    part->has_own_domain = true;
    if (!part->number)
        part->number = (int)result->planned + 1;
    part->name = claim_keep(result, name);
    part->limit = limit ? claim_keep(result, limit) : NULL;
    bool good = part->name && !part->limit == !limit;
    for (int i = 0; i < IV_COORDINATES; i++)
        for (int end = 0; end < 2; end++) {
            part->domain[i][end] =
                domain[i][end] ? claim_keep(result, domain[i][end]) : NULL;
            good = good && !part->domain[i][end] == !domain[i][end];
        }
    if (!good)
        return NULL;
    result->planned++;
    return part;
}

/*
 * What the next of `parts` inequalities may spend of what a claim has left:
 * an equal share, and some boxes in any case.
 */
static long share_of(long left, size_t parts, long max_boxes)
{
    long equal = left / (long)parts;
    equal = equal > LEAST_SHARE ? equal : LEAST_SHARE;
    return equal < max_boxes ? equal : max_boxes;
}

enum sn_status claim_prove_parts(
    struct claim_result *result, struct claim_prover *prover)
{
    const long max_boxes = prover->search.max_boxes;
    size_t proved = 0, refuted = 0;
    long left = max_boxes;
    enum sn_status status = result->planned ? SN_OK : SN_UNDECIDED;
    result->part = calloc(result->planned + 1, sizeof *result->part);
    if (!result->part)
        return SN_NO_MEMORY;
    for (size_t i = 0; i < result->planned && !status; i++) {
        struct claim_part_result *part = &result->part[result->part_count++];
        claim_part_result_init(part);
        prover->search.max_boxes =
            share_of(left, result->planned - i, max_boxes);
        status = claim_prove_part(part, &result->parts[i], prover);
        left -= part->boxes < left ? part->boxes : left;
        proved += part->verdict == CLAIM_PROVED;
        refuted += part->verdict == CLAIM_REFUTED;
    }
    prover->search.max_boxes = max_boxes;
    bool all = !status && proved == result->planned;
    result->verdict = all ? result->is_against ? CLAIM_REFUTED : CLAIM_PROVED
                      : refuted && !result->is_against ? CLAIM_REFUTED
                                                       : CLAIM_NOT_DECIDED;
    return status;
}

void claim_result_clear(struct claim_result *result)
{
    for (size_t i = 0; i < result->part_count; i++)
        claim_part_result_clear(&result->part[i]);
    for (size_t i = 0; i < result->texts; i++)
        free(result->text[i]);
    free(result->text);
    free(result->parts);
    free(result->part);
}
