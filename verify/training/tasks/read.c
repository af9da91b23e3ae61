/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ARFF: the first row that is not a comment begins with @. */
static bool is_arff(const struct task_text *text)
{
    struct task_text look = *text;
    look.arff = true;
    return task_text_seek(&look) && look.at[strspn(look.at, " \t")] == '@';
}

/* The file's name without folders and its ending. */
static char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = strdup(slash ? slash + 1 : path);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot && dot > name)
        *dot = '\0';
    return name;
}

/* Its first column are numbers of rows, which csv.c would learn from. */
static bool is_of_collection(const char *path)
{
    static const char end[] = "_R.dat";
    size_t length = strlen(path);
    return length >= sizeof end &&
           !strcmp(path + length + 1 - sizeof end, end);
}

static enum sn_status read_file(struct task_task *task,
    struct task_fault *fault, const char *path,
    const struct task_reading *reading)
{
    struct task_text text;
    enum sn_status status = task_text_open(&text, path, fault);
    char *name = name_of(path);
    if (status == SN_OK && !name)
        status = SN_NO_MEMORY;
    if (status == SN_OK)
        status = is_arff(&text) ? task_read_arff(task, &text, name, reading)
                                : task_read_csv(task, &text, name, reading);
    free(name);
    task_text_close(&text);
    return status;
}

enum sn_status task_read(struct task_task *task, struct task_fault *fault,
    const char *path, const struct task_reading *reading)
{
    struct stat info;
    enum sn_status status;
    *task = (struct task_task){0};
    *fault = (struct task_fault){0};
    if (!stat(path, &info) && S_ISDIR(info.st_mode)) {
        status = task_read_collection(task, fault, path, reading);
    } else if (is_of_collection(path)) {
        snprintf(fault->path, sizeof fault->path, "%s", path);
        status = task_refuse(fault, TASK_FAULT_IN_FOLDER, 0, 0, NULL, 0, 0);
    } else {
        status = read_file(task, fault, path, reading);
    }
    if (status == SN_OK)
        task->constant = task_constant_features(task);
    return status;
}
