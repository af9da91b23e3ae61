/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/records/shard.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>

void record_part_print(FILE *out, const struct sweep_part *part)
{
    const struct sweep_score *s = part->score;
    fprintf(out, "part %" PRIu64 " %" PRIu64 "\n", part->first, part->count);
    fprintf(out,
        "counts %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
        s->inputs, s->incorrectly_rounded, s->zeros,
        s->monotonicity_violations, s->changed);
    fprintf(out, "worst %a %a %a\n", s->max_ulp, s->worst_input, s->worst_got);
    for (int i = 0; i < SWEEP_BINADES; i++) {
        const uint64_t *row = s->histogram[i];
        int k = 0;
        while (k < SWEEP_BUCKETS && !row[k])
            k++;
        if (k == SWEEP_BUCKETS)
            continue;
        fprintf(out, "binade %d", i);
        for (k = 0; k < SWEEP_BUCKETS; k++)
            fprintf(out, " %" PRIu64, row[k]);
        fputc('\n', out);
    }
    for (int i = 0; i < SWEEP_CURVE; i++)
        if (s->curve[i] >= 0)
            fprintf(out, "curve %d %a\n", i, s->curve[i]);
    for (uint64_t i = 0; part->ends && i < part->count; i++)
        fprintf(out, "ends %08" PRIx64 " %08" PRIx64 "\n",
            conf_type_bits(CONF_TYPE_F32, &part->ends[i].first, 0),
            conf_type_bits(CONF_TYPE_F32, &part->ends[i].last, 0));
}

static bool read_binade(const char *line, struct sweep_score *s)
{
    char *at;
    unsigned long i = strtoul(line + strlen("binade"), &at, 10);
    if (i >= SWEEP_BINADES)
        return false;
    for (int k = 0; k < SWEEP_BUCKETS; k++)
        s->histogram[i][k] = strtoull(at, &at, 10);
    return !*at;
}

static bool read_line(
    const char *line, struct sweep_part *part, uint64_t *ends)
{
    struct sweep_score *s = part->score;
    uint64_t first, last;
    unsigned cell;
    double ulp;
    int end = 0;
    if (!strncmp(line, "binade ", 7))
        return read_binade(line, s);
    if (sscanf(line, "curve %u %la%n", &cell, &ulp, &end) == 2) {
        if (cell >= SWEEP_CURVE || !(ulp >= 0))
            return false;
        s->curve[cell] = ulp;
        return !line[end];
    }
    if (sscanf(line, "ends %" SCNx64 " %" SCNx64 "%n", &first, &last, &end) ==
            2 &&
        part->ends && *ends < part->count) {
        conf_type_set_bits(CONF_TYPE_F32, &part->ends[*ends].first, 0, first);
        conf_type_set_bits(CONF_TYPE_F32, &part->ends[*ends].last, 0, last);
        ++*ends;
        return !line[end];
    }
    return false;
}

enum shared_parts_state record_part_parse(struct sweep_part *part, char *text)
{
    struct sweep_score *s = part->score;
    uint64_t first, count, ends = 0;
    int used = 0;
    if (sscanf(text,
            "part %" SCNu64 " %" SCNu64 " counts %" SCNu64 " %" SCNu64
            " %" SCNu64 " %" SCNu64 " %" SCNu64 " worst %la %la %la\n%n",
            &first, &count, &s->inputs, &s->incorrectly_rounded, &s->zeros,
            &s->monotonicity_violations, &s->changed, &s->max_ulp,
            &s->worst_input, &s->worst_got, &used) != 10 ||
        !used || first != part->first || count != part->count ||
        !(s->max_ulp >= -1))
        return SHARED_PARTS_COUNTS;
    char *rest = text + used, *line;
    while ((line = strsep(&rest, "\n")) && *line)
        if (!read_line(line, part, &ends))
            return SHARED_PARTS_LINE;
    if (part->ends && ends != part->count)
        return SHARED_PARTS_COUNTS;
    return SHARED_PARTS_OK;
}
