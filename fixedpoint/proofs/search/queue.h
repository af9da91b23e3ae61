/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes of a search, largest bound first; for branch_and_bound.c. */
#ifndef SN_FIXEDPOINT_PROOFS_SEARCH_QUEUE_H
#define SN_FIXEDPOINT_PROOFS_SEARCH_QUEUE_H

#include "fixedpoint/proofs/intervals/formulas.h"

struct search_box {
    double x[IV_AXES][2]; /* collapsed: holds the maximum of the node's box */
    double upper;
    size_t piece, node; /* of the tree, where there is one */
    int split;          /* the axis to halve */
    bool fine;          /* doubles are too wide for it */
};

/* A binary heap: box[0] has the largest bound.  All 0 to start, free(box). */
struct search_queue {
    struct search_box *box;
    size_t used, room;
};
bool search_queue_push(
    struct search_queue *queue, const struct search_box *box);
void search_queue_pop(struct search_queue *queue);

#endif
