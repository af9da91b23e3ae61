/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks that are finite: every combination of values once.  Values are
 * numbers, one feature each, as in the 121-task collection.
 */
#include "verify/training/tasks/known.h"
#include <stdlib.h>

/* ---- tic-tac-toe ----------------------------------------------------- */

enum { X = 1, O = -1, CELLS = 9 };

static bool has_line(const int board[CELLS], int who)
{
    static const int line[8][3] = {{0, 1, 2}, {3, 4, 5}, {6, 7, 8}, {0, 3, 6},
        {1, 4, 7}, {2, 5, 8}, {0, 4, 8}, {2, 4, 6}};
    for (int i = 0; i < 8; i++)
        if (board[line[i][0]] == who && board[line[i][1]] == who &&
            board[line[i][2]] == who)
            return true;
    return false;
}

/*
 * Whether a game that x begins can end so: whoever has a line made the last
 * move (with two lines it was one move), or the board is full.
 */
static bool is_end(const int board[CELLS])
{
    int x = 0, o = 0;
    for (int i = 0; i < CELLS; i++) {
        x += board[i] == X;
        o += board[i] == O;
    }
    bool x_wins = has_line(board, X), o_wins = has_line(board, O);
    if (x_wins)
        return x == o + 1 && !o_wins;
    if (o_wins)
        return x == o;
    return x == 5 && o == 4;
}

enum sn_status task_tic_tac_toe(struct task_task *t, uint64_t seed)
{
    (void)seed;
    static const char *const classes[] = {"negative", "positive", NULL};
    enum { BOARDS = 19683, ENDS = 958 };
    enum sn_status status = task_start(t, "tic-tac-toe", ENDS, CELLS, classes);
    size_t row = 0;
    for (int code = 0; status == SN_OK && code < BOARDS; code++) {
        int board[CELLS], rest = code;
        for (int i = 0; i < CELLS; i++, rest /= 3)
            board[i] = rest % 3 - 1;
        if (!is_end(board))
            continue;
        for (int i = 0; i < CELLS; i++)
            t->x[row * CELLS + (size_t)i] = board[i];
        t->label[row++] = has_line(board, X);
    }
    return status;
}

/* ---- all combinations ------------------------------------------------ */

enum { MOST_ATTRIBUTES = 6 };

/* a[0] counts slowest; values are 1 .. size; the class of each by `rule`. */
static enum sn_status combinations(struct task_task *t, const char *name,
    size_t attributes, const int *size, const char *const *classes,
    int (*rule)(const int *a))
{
    size_t rows = 1;
    for (size_t j = 0; j < attributes; j++)
        rows *= (size_t)size[j];
    enum sn_status status = task_start(t, name, rows, attributes, classes);
    for (size_t row = 0; status == SN_OK && row < rows; row++) {
        int a[MOST_ATTRIBUTES];
        size_t rest = row;
        for (size_t j = attributes; j-- > 0; rest /= (size_t)size[j])
            a[j] = 1 + (int)(rest % (size_t)size[j]);
        for (size_t j = 0; j < attributes; j++)
            t->x[row * attributes + j] = a[j];
        t->label[row] = rule(a);
    }
    return status;
}

/* Weight and distance, left and right: the larger product goes down. */
static int balance(const int *a)
{
    int left = a[0] * a[1], right = a[2] * a[3];
    return left > right ? 0 : left == right ? 1 : 2;
}

enum sn_status task_balance_scale(struct task_task *t, uint64_t seed)
{
    (void)seed;
    static const char *const classes[] = {"L", "B", "R", NULL};
    static const int size[] = {5, 5, 5, 5};
    return combinations(t, "balance-scale", 4, size, classes, balance);
}

static int monk_1(const int *a)
{
    return a[0] == a[1] || a[4] == 1;
}

static int monk_2(const int *a)
{
    int first = 0;
    for (int j = 0; j < 6; j++)
        first += a[j] == 1;
    return first == 2;
}

static int monk_3(const int *a)
{
    return (a[4] == 3 && a[3] == 1) || (a[4] != 4 && a[1] != 3);
}

/* The sizes of the training samples, and monks-3's 5 % of noise. */
static enum sn_status monks(struct task_task *t, const char *name,
    int (*rule)(const int *a), size_t sample, size_t wrong)
{
    static const char *const classes[] = {"0", "1", NULL};
    static const int size[] = {3, 3, 2, 3, 4, 2};
    enum sn_status status = combinations(t, name, 6, size, classes, rule);
    t->sample = sample;
    t->wrong = wrong;
    return status;
}

enum sn_status task_monks_1(struct task_task *t, uint64_t seed)
{
    (void)seed;
    return monks(t, "monks-1", monk_1, 124, 0);
}

enum sn_status task_monks_2(struct task_task *t, uint64_t seed)
{
    (void)seed;
    return monks(t, "monks-2", monk_2, 169, 0);
}

enum sn_status task_monks_3(struct task_task *t, uint64_t seed)
{
    (void)seed;
    return monks(t, "monks-3", monk_3, 122, 6);
}

/* Colour (1 yellow), size (1 small), act (1 stretch), age (1 adult). */
static int inflated(const int *a)
{
    return (a[0] == 1 && a[1] == 1) || (a[2] == 1 && a[3] == 1);
}

enum sn_status task_balloons(struct task_task *t, uint64_t seed)
{
    (void)seed;
    static const char *const classes[] = {"F", "T", NULL};
    static const int size[] = {2, 2, 2, 2};
    return combinations(t, "balloons", 4, size, classes, inflated);
}
