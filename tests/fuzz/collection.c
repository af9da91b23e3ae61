/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as the files of a folder of the 121-task collection: its rows, and
 * behind the first zero byte its partitions.
 */
#include "verify/training/tasks/table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[] = "/tmp/selfnorm-fuzz-XXXXXX/task";

static void put(const char *name, const uint8_t *bytes, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    if (!out || fwrite(bytes, 1, size, out) != size || fclose(out))
        abort();
}

static void make_folder(void)
{
    char command[128];
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    if (!mkdtemp(folder))
        abort();
    *slash = '/';
    snprintf(command, sizeof command, "mkdir %s", folder);
    if (system(command))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static bool made;
    const uint8_t *zero = size ? memchr(bytes, 0, size) : NULL;
    const size_t rows = zero ? (size_t)(zero - bytes) : size;
    const struct task_reading reading = {.nominal = true, .missing = true};
    struct task_task task;
    struct task_fault fault = {0};
    if (!made)
        make_folder();
    made = true;
    put("task_R.dat", bytes, rows);
    put("conxuntos.dat", zero ? zero + 1 : bytes, zero ? size - rows - 1 : 0);
    enum sn_status status = task_read(&task, &fault, folder, &reading);
    if (status == SN_OK)
        for (size_t i = 0; i < task.partitions; i++)
            for (size_t k = 0;
                 k < task.partition[i].training + task.partition[i].test; k++)
                if (task.partition[i].row[k] >= task.rows)
                    abort();
    if (status != SN_OK && (status != SN_BAD_VALUE || !fault.kind))
        abort();
    task_clear(&task);
    return 0;
}
