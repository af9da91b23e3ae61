# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_depth.gp FOLDER PICTURE error|loss: test error or training
# loss against the depth, from train_summary.tsv of train --experiment depth
# --tables FOLDER (bars: 95 % of the mean over the seeds).
load system("dirname '" . ARG0 . "'") . "/house.gp"
eval panel(420)
eval legend(4)
set output ARG2
arms = "snn msra batchnorm layernorm weightnorm highway resnet tanh"
array point[8] = [7, 5, 9, 11, 13, 4, 6, 8]
file(a) = sprintf("< awk -F'\\t' '$2 == \"%s\"' '%s/train_summary.tsv'", \
    word(arms, a), ARG1)
least = 0.006 # what is below is drawn here, and the title says so
above(y) = y > least ? y : least
apart(a) = 2**((a - 4.5)*0.09)
width(a) = a == 1 ? 2.5 : 1.2
set logscale x 2
set xrange [5:90]
set xtics (4, 8, 16, 32, 64)
set xlabel "hidden layers"
set logscale y
if (ARG3 eq "error") {
    set title "test error (0.006: that or less)"
    set yrange [least:0.5]
    set ytics (0.006, 0.02, 0.05, 0.1, 0.2, 0.5)
    plot for [a=1:8] file(a) using ($3*apart(a)):(above(1-$10)): \
             (above(1-$10-$12)):(1-$10+$12) with yerrorbars \
             pt point[a] ps 0.7 lc rgb hue[a] notitle, \
         for [a=1:8] file(a) using ($3*apart(a)):(above(1-$10)) \
             with linespoints pt point[a] ps 0.7 lw width(a) lc rgb hue[a] \
             title word(arms, a)
} else {
    set title "training loss, median"
    set format y powers
    plot for [a=1:8] file(a) using ($3*apart(a)):22 with linespoints \
             pt point[a] ps 0.7 lw width(a) lc rgb hue[a] title word(arms, a)
}
