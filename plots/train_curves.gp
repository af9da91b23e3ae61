# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_curves.gp FOLDER PICTURE N: training loss against the step at
# the N-th depth, SNN beside BatchNorm, from train_curves.tsv of train
# --experiment figure1 or depth --tables FOLDER (line: median over the seeds;
# band: the half of them between the quartiles).
load system("dirname '" . ARG0 . "'") . "/house.gp"
eval panel(320)
eval legend(1)
set output ARG2
arms = "snn batchnorm"
file = ARG1 . "/train_curves.tsv"
depths = system("awk -F'\\t' '$2 == \"snn\" && !seen[$3]++ {print $3}' '".file."'")
depth = word(depths, int(ARG3))
of(a) = sprintf("< awk -F'\\t' '$2 == \"%s\" && $3 == %s' '%s'", \
    word(arms, a), depth, file)
# one scale for all, wide enough
stats "< awk -F'\\t' '($2 == \"snn\" || $2 == \"batchnorm\") && $9 > 0 {print $9, $10}' '".file."'" \
    using 1:2 name "loss" nooutput
set xlabel "step"
set style fill transparent solid 0.25 noborder
set logscale y
set format y powers
set yrange [loss_min_x:loss_max_y]
set title sprintf("training loss, %s layers", depth)
array colour[2] = [hue[1], hue[3]]
plot for [a=1:2] of(a) using 4:9:10 with filledcurves lc rgb colour[a] \
         notitle, \
     for [a=1:2] of(a) using 4:8 with linespoints pt 7 ps 0.4 lw 1.5 \
         lc rgb colour[a] title word(arms, a)
