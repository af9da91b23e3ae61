/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/verify/training/test_training_folder.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static char folder[] = "/tmp/selfnorm-files-XXXXXX";

const char *open_folder(void)
{
    cr_assert(mkdtemp(folder));
    return folder;
}

const char *path_of(const char *name)
{
    static char path[4][256];
    static int turn;
    char *p = path[turn = (turn + 1) % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

const char *put(const char *name, const char *text, size_t size)
{
    const char *path = path_of(name);
    FILE *out = fopen(path, "wb");
    cr_assert(out && fwrite(text, 1, size, out) == size && !fclose(out));
    return path;
}

void sweep(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}
