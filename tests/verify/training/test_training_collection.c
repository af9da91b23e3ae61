/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of the 121-task collection, and tables of accuracies. */
#include "tests/verify/training/test_training.h"
#include "tests/verify/training/test_training_folder.h"
#include "verify/training/statistics/comparison.h"
#include "verify/training/tasks/task.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct task_reading plain;

static const char rows[] = "\tf1\tf2\tclase\n1\t0.5\t1\t0\n2\t0.25\t2\t1\n"
                           "3\t0.125\t3\t0\n4\t2\t4\t1\n5\t3\t5\t0\n"
                           "6\t4\t6\t1\n7\t5\t7\t0\n8\t6\t8\t1\n";

Test(files, a_folder_of_the_collection)
{
    char name[128];
    struct task_fault f;
    snprintf(name, sizeof name, "%s/wine", open_folder());
    cr_assert_eq(mkdir(name, 0700), 0);
    struct task_task t;
    struct task_parts p;
    /* neither form of rows */
    cr_expect_eq(task_read(&t, &f, name, &plain), SN_BAD_VALUE);
    cr_expect(f.kind == TASK_FAULT_FOLDER && !strcmp(f.word, "wine"));
    /* no partitions: drawn */
    put("wine/wine_R.dat", rows, sizeof rows - 1);
    cr_assert_eq(task_read(&t, &f, name, &plain), SN_OK);
    cr_expect(t.rows == 8 && t.features == 2 && t.classes == 2 &&
              !t.partition && !strcmp(t.name, "wine") && t.x[14] == 6);
    task_clear(&t);
    /* two pairs of lines */
    const char folds[] = "0 1 2 3 4 5\n6 7\n2 3 4 5 6 7 \r\n0 1\n";
    put("wine/conxuntos_kfold.dat", folds, sizeof folds - 1);
    put("wine/conxuntos.dat", "nonsense", 8);
    cr_assert_eq(task_read(&t, &f, name, &plain), SN_OK);
    cr_expect_eq(t.partitions, 2);
    for (uint32_t seed = 0; seed < 4; seed++) {
        cr_assert_eq(task_parts_make(&p, &t, 1, seed), SN_OK);
        size_t first = seed % 2 ? 0 : 6;
        cr_expect(p.rows[TASK_TEST] == 2 && p.row[TASK_TEST][0] == first &&
                  p.rows[TASK_TRAINING] + p.rows[TASK_VALIDATION] == 6);
        task_parts_clear(&p);
    }
    task_clear(&t);
    static const struct {
        const char *lines;
        enum task_fault_kind kind;
        size_t line, column;
    } bad[] = {{"0 1 2\n", TASK_FAULT_NO_TEST, 1, 0},
        {"0 1 2\n3 8\n", TASK_FAULT_NOT_ROW, 2, 2},
        {"0 1 x\n3\n", TASK_FAULT_NOT_ROW, 1, 3},
        {"0 1 -2\n3\n", TASK_FAULT_NOT_ROW, 1, 3},
        {"0 1 2\n3 1\n", TASK_FAULT_ROW_TWICE, 2, 2},
        {"0 1 1\n3 4\n", TASK_FAULT_ROW_TWICE, 1, 3},
        {"\n", TASK_FAULT_NO_PARTITIONS, 0, 0}};
    for (size_t i = 0; i < COUNT(bad); i++) {
        put("wine/conxuntos_kfold.dat", bad[i].lines, strlen(bad[i].lines));
        cr_expect_eq(task_read(&t, &f, name, &plain), SN_BAD_VALUE);
        cr_expect(f.kind == bad[i].kind && f.line == bad[i].line &&
                      f.column == bad[i].column,
            "'%s': fault %d at %zu, %zu", bad[i].lines, (int)f.kind, f.line,
            f.column);
    }
    cr_expect_eq(
        task_read(&t, &f, path_of("wine/wine_R.dat"), &plain), SN_BAD_VALUE);
    cr_expect_eq(f.kind, TASK_FAULT_IN_FOLDER);
    /* a test set of its own */
    unlink(path_of("wine/wine_R.dat"));
    put("wine/wine_train_R.dat", rows, sizeof rows - 1);
    const char test[] = "\tf1\tf2\tclase\n1\t9\t9\t1\n";
    put("wine/wine_test_R.dat", test, sizeof test - 1);
    cr_assert_eq(task_read(&t, &f, name, &plain), SN_OK);
    cr_expect(t.rows == 9 && t.partitions == 1 &&
              t.partition[0].training == 8 && t.partition[0].row[8] == 8 &&
              t.label[8] == 1);
    task_clear(&t);
    sweep();
}

/* ---- tables of accuracies ---- */

Test(files, tables_of_accuracies)
{
    static const struct {
        const char *text;
        enum task_fault_kind kind; /* none: good */
        size_t line, column;
    } row[] = {{"dataset,N,M,SNN,MS\na,10,3,0.9,0.8\nb,9,2,NA,0.7\n", 0, 0, 0},
        {"dataset N M SNN MS\na 10 3 0.9 0.8\n", 0, 0, 0},
        {"dataset,SNN\na,0.5\n", TASK_FAULT_METHODS, 1, 0},
        {"dataset,SNN,MS\na,0.5\n", TASK_FAULT_HEADER_FIELDS, 2, 0},
        {"dataset,SNN,MS\na,0.5,96.65\n", TASK_FAULT_ACCURACY, 2, 3},
        {"dataset,SNN,MS\na,0.5,x\n", TASK_FAULT_ACCURACY, 2, 3},
        {"dataset,SNN,MS\n", TASK_FAULT_NO_ROWS, 1, 0},
        {"", TASK_FAULT_NO_ROWS, 0, 0},
        {"dataset,SNN,SNN\na,0.5,0.5\n", TASK_FAULT_SAME_NAME, 1, 3}};
    open_folder();
    for (size_t i = 0; i < COUNT(row); i++) {
        struct train_scores s;
        struct task_fault f;
        const char *path = put("a11", row[i].text, strlen(row[i].text));
        enum sn_status status = train_scores_read(&s, &f, path);
        cr_expect(f.kind == row[i].kind && f.line == row[i].line &&
                      f.column == row[i].column,
            "'%s': fault %d at %zu, %zu", row[i].text, (int)f.kind, f.line,
            f.column);
        if (row[i].kind)
            cr_expect_eq(status, SN_BAD_VALUE);
        else
            cr_expect(status == SN_OK && s.methods == 2 &&
                      s.accuracy[0] == 0.9 && !strcmp(s.method[1], "MS"));
        if (status == SN_OK)
            train_scores_clear(&s);
    }
    sweep();
}
