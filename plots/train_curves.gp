# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_curves.gp FOLDER PICTURE: training loss against the step,
# SNN beside BatchNorm, from train_curves.tsv of train --experiment figure1
# or depth --tables FOLDER (line: median over the seeds; band: the half of them
# between the quartiles).
folder = ARG1
set terminal svg noenhanced size 1000,380 font "DejaVu Sans,13" background "white"
set output ARG2
arms = "snn batchnorm"
array colour[2] = ["#d55e00", "#009e73"]
file = folder."/train_curves.tsv"
depths = system("awk -F'\\t' '$2 == \"snn\" && !seen[$3]++ {print $3}' '".file."'")
n = words(depths)
of(a, d) = sprintf("< awk -F'\\t' '$2 == \"%s\" && $3 == %s' '%s'", \
    word(arms, a), word(depths, d), file)
# one scale for all, wide enough
stats "< awk -F'\\t' '($2 == \"snn\" || $2 == \"batchnorm\") && $9 > 0 {print $9, $10}' '".file."'" \
    using 1:2 name "loss" nooutput
set multiplot layout 1,n margins 0.07,0.98,0.15,0.9 spacing 0.07
set xlabel "step (median of the seeds, quartiles)"
set grid lc rgb "#dddddd"
set style fill transparent solid 0.25 noborder
set logscale y
set format y "%g"
set yrange [loss_min_x:loss_max_y]
do for [d=1:n] {
    set title sprintf("training loss, %s layers", word(depths, d))
    plot for [a=1:2] of(a, d) using 4:9:10 \
             with filledcurves lc rgb colour[a] notitle, \
         for [a=1:2] of(a, d) using 4:8 with linespoints pt 7 ps 0.4 lw 1.5 \
             lc rgb colour[a] title word(arms, a)
}
unset multiplot
