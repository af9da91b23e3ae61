/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks that are finite: every combination of values once.  Values are
 * numbers, one feature each, as in the 121-task collection.
 */
#include "verify/training/tasks/known.h"

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

void task_fill_boards(
    struct task_task *t, const struct task_known_task *known, uint64_t seed)
{
    (void)known;
    (void)seed;
    enum { BOARDS = 19683 };
    size_t row = 0;
    for (int code = 0; code < BOARDS; code++) {
        int board[CELLS], rest = code;
        for (int i = 0; i < CELLS; i++, rest /= 3)
            board[i] = rest % 3 - 1;
        if (!is_end(board))
            continue;
        for (int i = 0; i < CELLS; i++)
            t->x[row * CELLS + (size_t)i] = board[i];
        t->label[row++] = has_line(board, X);
    }
}

/* ---- all combinations ---- */

/* The first value counts slowest. */
void task_fill_combinations(
    struct task_task *t, const struct task_known_task *known, uint64_t seed)
{
    (void)seed;
    for (size_t row = 0; row < t->rows; row++) {
        int value[TASK_MOST_FACTORS];
        size_t rest = row;
        for (size_t j = t->features; j-- > 0;) {
            value[j] = 1 + (int)(rest % (size_t)known->size[j]);
            rest /= (size_t)known->size[j];
        }
        for (size_t j = 0; j < t->features; j++)
            t->x[row * t->features + j] = value[j];
        t->label[row] = known->rule(value);
    }
}

/* Weight and distance, left and right: the larger product goes down. */
int task_rule_balance(const int *a)
{
    int left = a[0] * a[1], right = a[2] * a[3];
    return left > right ? 0 : left == right ? 1 : 2;
}

int task_rule_monks_1(const int *a)
{
    return a[0] == a[1] || a[4] == 1;
}

int task_rule_monks_2(const int *a)
{
    int first = 0;
    for (int j = 0; j < 6; j++)
        first += a[j] == 1;
    return first == 2;
}

int task_rule_monks_3(const int *a)
{
    return (a[4] == 3 && a[3] == 1) || (a[4] != 4 && a[1] != 3);
}

/* Colour (1 yellow), size (1 small), act (1 stretch), age (1 adult). */
int task_rule_balloons(const int *a)
{
    return (a[0] == 1 && a[1] == 1) || (a[2] == 1 && a[3] == 1);
}
