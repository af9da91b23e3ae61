/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the file of a task or a table of accuracies: read or refused,
 * and what was read hangs together.  The first byte says how it is read.
 */
#include "verify/training/tasks/table.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_task(const struct task_task *t)
{
    for (size_t i = 0; i < t->rows * t->features; i++)
        if (isinf(t->x[i]))
            abort();
    for (size_t i = 0; i < t->rows; i++)
        if (t->label[i] < 0 || (size_t)t->label[i] >= t->classes)
            abort();
    for (size_t c = 0; c < t->classes; c++)
        if (!task_class_count(t, (int)c))
            abort();
    for (size_t j = 0; j < t->features; j++)
        if (!*t->feature_name[j])
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size)
        return 0;
    const uint8_t how = *bytes;
    const struct task_reading reading = {.label = how & 1 ? "2" : NULL,
        .header = (enum task_header)(how >> 1 & 3) % 3,
        .nominal = how & 8,
        .missing = how & 16};
    /* a block of that size alone: reads beyond it are seen */
    char *copy = malloc(size);
    struct task_text text;
    struct task_task task = {0};
    struct task_fault fault = {0};
    memcpy(copy, bytes + 1, size - 1);
    copy[size - 1] = '\0';
    enum sn_status status = task_text_of(&text, copy, size - 1, &fault);
    if (status == SN_OK)
        status = how & 32 ? task_read_arff(&task, &text, "fuzz", &reading)
                          : task_read_csv(&task, &text, "fuzz", &reading);
    if (status == SN_OK)
        check_task(&task);
    else if (status != SN_BAD_VALUE || !fault.kind)
        abort();
    task_clear(&task);
    task_text_close(&text);
    return 0;
}
