# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_depth.gp FOLDER PICTURE: test error and training loss
# against the depth, from train_summary.tsv of train --experiment depth --tables
# FOLDER (bars: 95 % of the mean over the seeds).
folder = ARG1
set terminal svg noenhanced size 1000,500 font "DejaVu Sans,13" background "white"
set output ARG2
arms = "snn msra batchnorm layernorm weightnorm highway resnet tanh"
array colour[8] = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", \
    "#e69f00", "#000000", "#888888"]
array point[8] = [7, 5, 9, 11, 13, 4, 6, 8]
file(a) = sprintf("< awk -F'\\t' '$2 == \"%s\"' '%s/train_summary.tsv'", \
    word(arms, a), folder)
least = 0.006 # what is below is drawn here, and the title says so
above(y) = y > least ? y : least
shift(a) = 2**((a - 4.5)*0.045)
set multiplot layout 1,2 margins 0.07,0.98,0.32,0.92 spacing 0.09
set logscale x 2
set xrange [3.3:78]
set xtics (4, 8, 16, 32, 64)
set xlabel "hidden layers"
set grid lc rgb "#dddddd"
set key outside bottom center horizontal samplen 2
set title "test error at the best validation step (0.006: or less)"
set logscale y
set yrange [least:0.5]
set ytics (0.006, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
plot for [a=1:8] file(a) using ($3*shift(a)):(above(1-$10)):(above(1-$10-$12)):(1-$10+$12) \
         with yerrorbars pt point[a] \
         ps 0.7 lc rgb colour[a] notitle, \
     for [a=1:8] file(a) using ($3*shift(a)):(above(1-$10)) with linespoints pt point[a] \
         ps 0.7 lw (a == 1 ? 2.5 : 1.2) lc rgb colour[a] title word(arms, a)
set title "final training loss, median (runs that did not diverge)"
set ytics auto
set format y "%g"
set yrange [*:*]
plot for [a=1:8] file(a) using ($3*shift(a)):22 with linespoints pt point[a] \
         ps 0.7 lw (a == 1 ? 2.5 : 1.2) lc rgb colour[a] title word(arms, a)
unset multiplot
