# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_curves.gp FOLDER PICTURE: training loss against the step,
# SNN beside BatchNorm, from train_curves.tsv of train --experiment figure1 --tables
# FOLDER (line: median over the seeds; band: the half between the quartiles).
folder = ARG1
set terminal svg noenhanced size 1000,380 font "DejaVu Sans,13" background "white"
set output ARG2
arms = "snn batchnorm"
depths = "8 16 32"
array colour[2] = ["#d55e00", "#009e73"]
file(a, d) = sprintf("< awk -F'\\t' '$2 == \"%s\" && $3 == %s' '%s/train_curves.tsv'", \
    word(arms, a), word(depths, d), folder)
# one scale for the three, wide enough for all
drawn = "($2 == \"snn\" || $2 == \"batchnorm\") && ($3 == 8 || $3 == 16 || $3 == 32) && $9 > 0"
stats sprintf("< awk -F'\\t' '%s {print $9, $10}' '%s/train_curves.tsv'", \
    drawn, folder) using 1:2 name "loss" nooutput
set multiplot layout 1,3 margins 0.06,0.98,0.15,0.9 spacing 0.06
set xlabel "step (line: median of the seeds; band: quartiles)"
set grid lc rgb "#dddddd"
set style fill transparent solid 0.25 noborder
set logscale y
set format y "%g"
set yrange [loss_min_x:loss_max_y]
do for [d=1:3] {
    set title sprintf("training loss, %s layers", word(depths, d))
    plot for [a=1:2] file(a, d) using 4:9:10 \
             with filledcurves lc rgb colour[a] notitle, \
         for [a=1:2] file(a, d) using 4:8 with linespoints pt 7 ps 0.4 lw 1.5 \
             lc rgb colour[a] title word(arms, a)
}
unset multiplot
