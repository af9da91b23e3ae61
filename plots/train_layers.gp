# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_layers.gp FOLDER PICTURE: mean and variance of the layers of
# SNNs at the start and at the end of training, medians over the seeds, beside
# Theorem 1's domain (grey), from train_layers.tsv of train --tables FOLDER.
folder = ARG1
set terminal svg noenhanced size 1000,460 font "DejaVu Sans,13" background "white"
set output ARG2
depths = system("awk -F'\\t' '$2 == \"snn\" && !seen[$3]++ {print $3}' '".folder."/train_layers.tsv'")
n = words(depths)
array colour[8] = ["#0072b2", "#009e73", "#d55e00", "#000000", \
    "#cc79a7", "#56b4e9", "#e69f00", "#888888"]
# the layers of one depth at a stage: 0 the start, 1 the end
file(d, stage) = sprintf("< awk -F'\\t' 'NR == FNR {if ($4 + 0 > m) m = $4 + 0; next} $2 == \"snn\" && $3 == %s && $4 == m*%d' '%s/train_layers.tsv' '%s/train_layers.tsv'", \
    word(depths, d), stage, folder, folder)
set multiplot layout 1,2 margins 0.07,0.98,0.24,0.91 spacing 0.09
set xlabel "layer as a share of the depth"
set xrange [0:1]
set grid lc rgb "#dddddd"
set key outside bottom center horizontal samplen 2
set object 1 rectangle from graph 0, first -0.1 to graph 1, first 0.1 \
    fc rgb "#eeeeee" fs solid noborder behind
set yrange [-0.15:*]
set title "mean over the units (median of the seeds); dashed: start, solid: end"
plot for [d=1:n] file(d, 0) using ($5/$3):14 with lines dt 2 lc rgb \
         colour[(d - 1)%8 + 1] notitle, \
     for [d=1:n] file(d, 1) using ($5/$3):14 with lines lw 1.8 lc rgb \
         colour[(d - 1)%8 + 1] title word(depths, d)." layers"
set object 1 rectangle from graph 0, first 0.8 to graph 1, first 1.5 \
    fc rgb "#eeeeee" fs solid noborder behind
set title "variance over the units; grey: Theorem 1's domain"
set logscale y 2
set yrange [0.5:*]
plot for [d=1:n] file(d, 0) using ($5/$3):15 with lines dt 2 lc rgb \
         colour[(d - 1)%8 + 1] notitle, \
     for [d=1:n] file(d, 1) using ($5/$3):15 with lines lw 1.8 lc rgb \
         colour[(d - 1)%8 + 1] title word(depths, d)." layers"
unset multiplot
