/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A binary heap of boxes. */
#include "fixedpoint/proofs/search/queue.h"
#include <stdlib.h>

bool search_queue_push(
    struct search_queue *queue, const struct search_box *box)
{
    if (queue->used == queue->room) {
        size_t room = queue->room ? 2 * queue->room : 64;
        struct search_box *more = realloc(queue->box, room * sizeof *more);
        if (!more)
            return false;
        queue->box = more;
        queue->room = room;
    }
    struct search_box *heap = queue->box;
    size_t at = queue->used++;
    for (; at && heap[(at - 1) / 2].upper < box->upper; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = *box;
    return true;
}

void search_queue_pop(struct search_queue *queue)
{
    struct search_box *heap = queue->box, last = heap[--queue->used];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < queue->used; at = child) {
        if (child + 1 < queue->used &&
            heap[child].upper < heap[child + 1].upper)
            child++;
        if (heap[child].upper <= last.upper)
            break;
        heap[at] = heap[child];
    }
    if (queue->used)
        heap[at] = last;
}
