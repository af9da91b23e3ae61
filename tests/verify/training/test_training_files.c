/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks from files: what is read, and what is refused with its place. */
#include "tests/verify/training/test_training.h"
#include "tests/verify/training/test_training_folder.h"
#include "verify/training/tasks/task.h"
#include <stdio.h>
#include <string.h>
#include <math.h>

static const struct task_reading plain,
    lenient = {.nominal = true, .missing = true};

/* ---- refused ---- */

Test(files, what_is_wrong_is_named_with_its_place)
{
    static const struct {
        const char *what, *text;
        enum task_fault_kind kind;
        size_t line, column;
        const char *word, *label;
    } row[] = {
        {"empty", "", TASK_FAULT_NO_ROWS, 0, 0, "", NULL},
        {"blank lines", "\n \n\r\n", TASK_FAULT_NO_ROWS, 0, 0, "", NULL},
        {"header alone", "a,b,class\n", TASK_FAULT_ONE_ROW, 1, 0, "", NULL},
        {"missing", "a,b,c\n1,2,x\n3,,y\n", TASK_FAULT_VALUE_MISSING, 3, 2, "",
            NULL},
        {"question mark", "1,?,x\n", TASK_FAULT_VALUE_MISSING, 1, 2, "?",
            NULL},
        {"label missing", "1,2,x\n1,2,\n", TASK_FAULT_LABEL_MISSING, 2, 3, "",
            NULL},
        {"text", "a,b,c\n1,2,x\n3,red,y\n", TASK_FAULT_NOT_NUMBER_MAYBE_LABEL,
            3, 2, "red", NULL},
        {"text, no label", "1,red,x\n", TASK_FAULT_NOT_NUMBER, 1, 2, "red",
            "3"},
        {"decimal comma", "a;b;c\n1,5;2;x\n", TASK_FAULT_COMMA, 2, 1, "1,5",
            NULL},
        {"decimal commas, no header", "1,5;2,5;3,5;x\n", TASK_FAULT_COMMA, 1,
            1, "1,5", NULL},
        {"decimal comma and tab", "1,5\t2,5\tx\n", TASK_FAULT_COMMA, 1, 1,
            "1,5", NULL},
        {"decimal comma, quoted", "-3,\"-0,5e3\",x\n", TASK_FAULT_COMMA, 1, 2,
            "-0,5e3", NULL},
        {"thousands", "1.234,5;2;x\n", TASK_FAULT_COMMA, 1, 1, "1.234,5",
            NULL},
        {"names or words", "a,b,c\nred,1a,x\n", TASK_FAULT_HEADER_UNKNOWN, 1,
            0, "", NULL},
        {"rows numbered", ",a,c\n0,5,x\n1,6,y\n", TASK_FAULT_UNNAMED, 1, 1, "",
            NULL},
        {"carriage returns", "a,b,c\r1,2,x\r3,4,y\r", TASK_FAULT_RETURNS, 1, 0,
            "", NULL},
        {"infinite", "1,2,x\n1,inf,y\n", TASK_FAULT_NOT_NUMBER_MAYBE_LABEL, 2,
            2, "inf", NULL},
        {"overflow", "1,2,x\n1,1e999,y\n", TASK_FAULT_NOT_NUMBER_MAYBE_LABEL,
            2, 2, "1e999", NULL},
        {"hexadecimal", "1,0x10,x\n2,3,y\n", TASK_FAULT_NOT_NUMBER_MAYBE_LABEL,
            1, 2, "0x10", NULL},
        {"ragged, short", "1,2,x\n1,y\n", TASK_FAULT_FIELDS, 2, 0, "", NULL},
        {"ragged, long", "1,2,x\n1,2,3,y\n", TASK_FAULT_FIELDS, 2, 0, "",
            NULL},
        {"one class", "1,2,x\n3,4,x\n", TASK_FAULT_ONE_CLASS, 0, 3, "x", NULL},
        {"one column", "x\ny\n", TASK_FAULT_ONE_COLUMN, 1, 0, "", NULL},
        {"open quote", "1,\"2,x\n3,4,y\n", TASK_FAULT_OPEN_QUOTE, 1, 2, "\"",
            NULL},
        {"behind a quote", "1,\"2\"3,x\n", TASK_FAULT_BEHIND_QUOTE, 1, 2, "3",
            NULL},
        {"names twice", "a,a,c\n1,2,x\n", TASK_FAULT_SAME_NAME, 1, 2, "a",
            NULL},
        {"no such label", "a,b,c\n1,2,x\n2,3,y\n", TASK_FAULT_NO_LABEL, 0, 0,
            "d", "d"},
        {"label 0", "1,2,x\n", TASK_FAULT_NO_LABEL, 0, 0, "0", "0"},
        {"label 4", "1,2,x\n", TASK_FAULT_NO_LABEL, 0, 0, "4", "4"},
        {"ARFF without data", "@relation r\n@attribute a real\n",
            TASK_FAULT_NO_DATA, 2, 0, "", NULL},
        {"ARFF without attributes", "@relation r\n@data\n1,2\n",
            TASK_FAULT_NO_ATTRIBUTE, 2, 0, "", NULL},
        {"ARFF, no rows",
            "@relation r\n@attribute a real\n"
            "@attribute c {x,y}\n@data\n% nothing\n",
            TASK_FAULT_NO_ROWS, 4, 0, "", NULL},
        {"ARFF, a date", "@relation r\n@attribute a date\n@data\n",
            TASK_FAULT_TYPE, 2, 0, "date", NULL},
        {"ARFF, undeclared",
            "@relation r\n@attribute a real\n@attribute c {x,y}\n@data\n"
            "1,x\n2,z\n",
            TASK_FAULT_UNDECLARED, 6, 2, "z", NULL},
        {"ARFF, sparse",
            "@relation r\n@attribute a real\n@attribute c {x,y}\n@data\n"
            "{0 1}\n",
            TASK_FAULT_SPARSE, 5, 0, "", NULL},
        {"ARFF, no brace", "@relation r\n@attribute c {x,y\n@data\n",
            TASK_FAULT_OPEN_BRACE, 2, 0, "", NULL},
        {"ARFF, other word", "@relation r\n@atribute a real\n@data\n",
            TASK_FAULT_KEYWORD, 2, 0, "@atribute", NULL},
    };
    open_folder();
    for (size_t i = 0; i < COUNT(row); i++) {
        struct task_task t;
        struct task_fault f;
        struct task_reading reading = {.label = row[i].label};
        const char *path = put("data", row[i].text, strlen(row[i].text));
        enum sn_status status = task_read(&t, &f, path, &reading);
        cr_expect(status == SN_BAD_VALUE && f.kind == row[i].kind &&
                      f.line == row[i].line && f.column == row[i].column &&
                      !strcmp(f.word, row[i].word) && !strcmp(f.path, path),
            "%s: %d, fault %d at %zu, %zu: '%s'", row[i].what, (int)status,
            (int)f.kind, f.line, f.column, f.word);
        if (status == SN_OK)
            task_clear(&t);
    }
    struct task_task t;
    struct task_fault f;
    put("data", "1,2,x\n\0", 7);
    cr_expect_eq(task_read(&t, &f, path_of("data"), &plain), SN_BAD_VALUE);
    cr_expect(f.kind == TASK_FAULT_ZERO && f.line == 2);
    put("data",
        "\xff\xfe"
        "1\0,\0",
        6);
    cr_expect_eq(task_read(&t, &f, path_of("data"), &plain), SN_BAD_VALUE);
    cr_expect_eq(f.kind, TASK_FAULT_UTF16);
    cr_expect_eq(task_read(&t, &f, path_of("absent"), &plain), SN_SYSTEM);
    cr_expect_eq(f.kind, TASK_FAULT_UNREADABLE);
    sweep();
}

/* ---- limits ---- */

Test(files, what_is_too_large_is_refused)
{
    enum { WORDS = TASK_MOST_CLASSES + 1, COLUMNS = TASK_MOST_COLUMNS + 1 };
    open_folder();
    struct task_task t;
    struct task_fault f;
    FILE *out = fopen(path_of("words"), "w");
    for (int i = 0; i < WORDS; i++)
        fprintf(out, "1,w%d,x\n", i);
    fclose(out);
    cr_expect_eq(task_read(&t, &f, path_of("words"), &lenient), SN_BAD_VALUE);
    cr_expect(f.kind == TASK_FAULT_FEATURE_WORDS && f.line == WORDS &&
              f.column == 2 && f.a == TASK_MOST_CLASSES);
    const struct task_reading second = {.label = "2", .nominal = true};
    cr_expect_eq(task_read(&t, &f, path_of("words"), &second), SN_BAD_VALUE);
    cr_expect(f.kind == TASK_FAULT_LABEL_WORDS && f.line == WORDS);
    out = fopen(path_of("columns"), "w");
    for (int i = 0; i < COLUMNS; i++)
        fputs("1,", out);
    fclose(out);
    cr_expect_eq(task_read(&t, &f, path_of("columns"), &plain), SN_BAD_VALUE);
    cr_expect_eq(f.kind, TASK_FAULT_COLUMNS);
    /* 1000 words a column, 300 columns, 1000 rows: 3e8 values */
    out = fopen(path_of("values"), "w");
    for (int i = 0; i < 1000; i++) {
        for (int j = 0; j < 300; j++)
            fprintf(out, "w%d,", i);
        fprintf(out, "%d\n", i % 2);
    }
    fclose(out);
    const struct task_reading words = {
        .header = TASK_HEADER_NO, .nominal = true};
    cr_expect_eq(task_read(&t, &f, path_of("values"), &words), SN_BAD_VALUE);
    cr_expect_eq(f.kind, TASK_FAULT_VALUES);
    sweep();
}

/* ---- read ---- */

/* As "features; class names: cells|label ...", to be compared whole. */
static void show(char *out, size_t size, const struct task_task *t)
{
    size_t n = (size_t)snprintf(out, size, "%zu;", t->features);
    for (size_t c = 0; c < t->classes; c++)
        n += (size_t)snprintf(out + n, size - n, " %s", t->class_name[c]);
    n += (size_t)snprintf(out + n, size - n, ":");
    for (size_t i = 0; i < t->rows; i++) {
        for (size_t j = 0; j < t->features; j++)
            n += (size_t)snprintf(
                out + n, size - n, " %g", t->x[i * t->features + j]);
        n += (size_t)snprintf(out + n, size - n, "|%d", t->label[i]);
    }
}

Test(files, what_is_read_is_what_is_there)
{
    static const struct {
        const char *what, *text, *want;
        struct task_reading reading;
    } row[] = {
        {"no header", "1,2,x\n3,4,y\n", "2; x y: 1 2|0 3 4|1", {0}},
        {"header", "a,b,c\n1,2,x\n3,4,y\n", "2; x y: 1 2|0 3 4|1", {0}},
        {"no line end", "1,2,x\n3,4,y", "2; x y: 1 2|0 3 4|1", {0}},
        {"CR LF", "a,b,c\r\n1,2,x\r\n3,4,y\r\n", "2; x y: 1 2|0 3 4|1", {0}},
        {"UTF-8 mark",
            "\xef\xbb\xbf"
            "1,2,x\n3,4,y\n",
            "2; x y: 1 2|0 3 4|1", {0}},
        {"semicolons", "1;2;x\n3;4;y\n", "2; x y: 1 2|0 3 4|1", {0}},
        {"tabs", "1\t2\tx\n3\t4\ty\n", "2; x y: 1 2|0 3 4|1", {0}},
        {"blanks", "  1   2 x\n3 4   y  \n", "2; x y: 1 2|0 3 4|1", {0}},
        {"blank lines", "\n1,2,x\n\n3,4,y\n\n", "2; x y: 1 2|0 3 4|1", {0}},
        {"quotes", "\"1\",\"2\",\"x, \"\"z\"\"\"\n3,4,y\n",
            "2; x, \"z\" y: 1 2|0 3 4|1", {0}},
        {"numbers as classes", "1,2,10\n3,4,9\n5,6,10.0\n",
            "2; 9 10: 1 2|1 3 4|0 5 6|1", {0}},
        {"label in front", "k,a,b\nx,1,2\ny,3,4\n", "2; x y: 1 2|0 3 4|1",
            {.label = "k"}},
        {"label by number", "x,1,2\ny,3,4\n", "2; x y: 1 2|0 3 4|1",
            {.label = "1"}},
        {"header by order", "1,2,3\n1,2,x\n3,4,y\n", "2; x y: 1 2|0 3 4|1",
            {.header = TASK_HEADER_YES}},
        {"words and names", "a,k\nred,x\nblue,y\n", "2; x y: 1 0|0 0 1|1",
            {.header = TASK_HEADER_YES, .nominal = true}},
        {"words alone", "red,x\nblue,y\n", "2; x y: 1 0|0 0 1|1",
            {.header = TASK_HEADER_NO, .nominal = true}},
        {"semicolon in a label", "1,2,x;1\n3,4,y\n", "2; x;1 y: 1 2|0 3 4|1",
            {0}},
        {"missing", "1,?,x\n,4,y\nNA,nan,y\n",
            "2; x y: 1 nan|0 nan 4|1 nan nan|1", {.missing = true}},
        {"nominal", "1,red,x\n2,blue,y\n3,red,y\n",
            "3; x y: 1 1 0|0 2 0 1|1 3 1 0|1", {.nominal = true}},
        {"ARFF",
            "% a comment\n@RELATION 'a b'\n\n@attribute 'x 1' REAL\n"
            "@attribute y {lo, 'mid dle', hi}\n@attribute c {p,q}\n@DATA\n"
            "1, lo, q\n% another\n2,'mid dle',p\n",
            "4; p q: 1 1 0 0|1 2 0 1 0|0", {.nominal = true}},
    };
    open_folder();
    for (size_t i = 0; i < COUNT(row); i++) {
        struct task_task t;
        struct task_fault f;
        char got[512] = "";
        const char *path = put("data.csv", row[i].text, strlen(row[i].text));
        enum sn_status status = task_read(&t, &f, path, &row[i].reading);
        if (status == SN_OK) {
            show(got, sizeof got, &t);
            cr_expect_str_eq(t.name, "data");
            task_clear(&t);
        }
        cr_expect(status == SN_OK && !strcmp(got, row[i].want),
            "%s: '%s', want '%s' (fault %d)", row[i].what, got, row[i].want,
            (int)f.kind);
    }
    sweep();
}

Test(files, constant_columns_and_missing_values_become_zero)
{
    open_folder();
    char text[4096] = "";
    struct task_fault f;
    size_t n = 0;
    for (int i = 0; i < 80; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "7,%s,%d,%s\n",
            i % 5 ? "3" : "?", i, i % 2 ? "x" : "y");
    struct task_task t;
    struct task_parts p;
    cr_assert_eq(task_read(&t, &f, put("c.csv", text, n), &lenient), SN_OK);
    cr_expect(
        t.missing == 16 && t.constant == 1, "%zu, %zu", t.missing, t.constant);
    cr_assert_eq(task_parts_make(&p, &t, 1, 0), SN_OK);
    for (int part = 0; part < TASK_PARTS; part++)
        for (size_t i = 0; i < p.rows[part]; i++)
            cr_expect(p.x[part][3 * i] == 0 && p.x[part][3 * i + 1] == 0 &&
                      isfinite(p.x[part][3 * i + 2]));
    task_parts_clear(&p);
    task_clear(&t);
    sweep();
}

/* Scaled values are the same whatever the unit, to the ends of binary64. */
Test(files, the_unit_of_a_feature_does_not_matter)
{
    open_folder();
    static const char *const unit[] = {
        "e0", "e306", "e200", "e-200", "e-300", "e-310"};
    char text[8192];
    struct task_fault f;
    float want[80] = {0};
    for (size_t u = 0; u < COUNT(unit); u++) {
        struct task_task t;
        struct task_parts p;
        size_t n = 0;
        for (int i = 0; i < 80; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%d%s,%d,%s\n",
                i == 79 ? -100 : i * i % 83, unit[u], i, i % 2 ? "x" : "y");
        cr_assert_eq(task_read(&t, &f, put("u.csv", text, n), &plain), SN_OK);
        cr_assert_eq(task_parts_make(&p, &t, 1, 0), SN_OK);
        double square = 0;
        for (size_t i = 0; i < p.rows[TASK_TRAINING]; i++) {
            float x = p.x[TASK_TRAINING][2 * i];
            want[i] = u ? want[i] : x;
            square += (double)x * x;
            cr_expect(fabs((double)x - want[i]) < 1e-5, "%s: %g, not %g",
                unit[u], (double)x, (double)want[i]);
        }
        cr_expect(fabs(square / (double)p.rows[TASK_TRAINING] - 1) < 1e-5);
        task_parts_clear(&p);
        task_clear(&t);
    }
    sweep();
}

/* A test value far outside what the training rows hold stays finite. */
Test(files, far_values_count_as_a_million_deviations)
{
    open_folder();
    char text[8192];
    struct task_fault f;
    size_t n = 0, far = 0;
    for (int i = 0; i < 80; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%g,%s\n",
            i == 40 ? -1e300 : i % 7, i % 2 ? "x" : "y");
    struct task_task t;
    cr_assert_eq(task_read(&t, &f, put("f.csv", text, n), &plain), SN_OK);
    for (uint32_t replicate = 0; replicate < 20; replicate++) {
        struct task_parts p;
        cr_assert_eq(task_parts_make(&p, &t, 1, replicate), SN_OK);
        for (int part = 0; part < TASK_PARTS; part++)
            for (size_t i = 0; i < p.rows[part]; i++) {
                cr_expect(fabsf(p.x[part][i]) <= 1e6f);
                far += p.x[part][i] == -1e6f;
            }
        task_parts_clear(&p);
    }
    cr_expect(far > 0 && far < 20, "%zu of 20", far);
    task_clear(&t);
    sweep();
}

Test(files, a_million_rows)
{
    enum { ROWS = 1000000 };
    open_folder();
    FILE *out = fopen(path_of("big.csv"), "w");
    for (int i = 0; i < ROWS; i++)
        fprintf(out, "%d,%d,%c\n", i, i % 7, 'a' + i % 3);
    fclose(out);
    struct task_task t;
    struct task_fault f;
    cr_assert_eq(task_read(&t, &f, path_of("big.csv"), &plain), SN_OK);
    cr_expect(
        t.rows == ROWS && t.classes == 3 && t.x[2 * (ROWS - 1)] == 999999);
    task_clear(&t);
    sweep();
}
