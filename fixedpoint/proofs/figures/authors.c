/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The authors' selu.py and notebook. */
#include "fixedpoint/proofs/figures/table.h"

static const struct figure_row rows[] = {
    {"selu.py", "alpha'", "-lambda*alpha", "arithmetic",
        "max -1.7580993408473766", "a unit of a double off: ...768 is nearer"},
    {"notebook", "alpha by nsolve", "alpha", "arithmetic",
        "max 1.6732632423543778", "2.3 units of a double above"},
    {"notebook", "lambda by nsolve", "lambda", "arithmetic",
        "max 1.0507009873554805", NULL},
    {"notebook", "lambda by closed form", "lambda", "arithmetic",
        "max 1.0507009873554807", "one unit of a double above"},
    {"notebook", "alpha for (-0.1, 2), omega = 1", "alpha",
        "design (-0.1, 2), omega 1", "max 1.9769021954242014", NULL},
    {"notebook", "lambda for (-0.1, 2), omega = 1", "lambda",
        "design (-0.1, 2), omega 1", "max 1.073851239616046", NULL},
};
const struct figure_table figure_authors = {
    FIGURE_AUTHORS, rows, FIGURE_ROWS(rows)};
