/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/training/tasks/source.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ARFF: the first row that is not a comment begins with @. */
static bool is_arff(struct task_source *s)
{
    const char *at = s->at;
    size_t line = s->next_line;
    s->arff = true;
    bool found = task_source_row(s);
    while (found && (*s->at == ' ' || *s->at == '\t'))
        s->at++;
    found = found && *s->at == '@';
    s->arff = false;
    task_source_rewind(s, at, line);
    return found;
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

enum sn_status task_read(struct task_task *task, const char *path,
    const struct task_reading *reading, char why[TASK_WHY])
{
    struct stat info;
    struct task_source s;
    enum sn_status status;
    *task = (struct task_task){0};
    snprintf(why, TASK_WHY, "%.200s: %s", path, sn_strerror(SN_NO_MEMORY));
    if (!stat(path, &info) && S_ISDIR(info.st_mode)) {
        status = task_read_collection(task, path, reading, why);
    } else if (is_of_collection(path)) {
        snprintf(why, TASK_WHY,
            "%.200s: of the 121-task collection: give its folder", path);
        status = SN_BAD_VALUE;
    } else {
        status = task_source_open(&s, path, why);
        if (status != SN_OK)
            return status;
        char *name = name_of(path);
        if (!name)
            status = SN_NO_MEMORY;
        else if (is_arff(&s))
            status = task_read_arff(task, &s, name, reading);
        else
            status = task_read_csv(task, &s, name, reading);
        free(name);
        task_source_close(&s);
    }
    if (status == SN_OK)
        task->constant = task_constant_features(task);
    return status;
}
