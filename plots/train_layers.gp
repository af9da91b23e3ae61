# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c train_layers.gp FOLDER PICTURE mean|variance: of the layers of SNNs
# at the start and at the end of training, medians over the seeds, beside
# Theorem 1's domain (grey), from train_layers.tsv of train --tables FOLDER.
load system("dirname '" . ARG0 . "'") . "/house.gp"
table = ARG1 . "/train_layers.tsv"
depths = system("awk -F'\\t' '$2 == \"snn\" && !seen[$3]++ {print $3}' '".table."'")
n = words(depths)
eval panel(300 + 32*n)
eval legend(2*n)
set output ARG2
array colour[8] = [hue[2], hue[3], hue[1], hue[7], hue[4], hue[5], hue[6], \
    hue[8]]
# the layers of one depth at a stage: 0 the start, 1 the end
file(d, stage) = sprintf("< awk -F'\\t' 'NR == FNR {if ($4 + 0 > m) m = $4 + 0; next} $2 == \"snn\" && $3 == %s && $4 == m*%d' '%s' '%s'", \
    word(depths, d), stage, table, table)
set xlabel "layer as a share of the depth"
set xrange [0:1]
is_mean = ARG3 eq "mean"
low = is_mean ? -0.1 : 0.8
high = is_mean ? 0.1 : 1.5
set object 1 rectangle from graph 0, first low to graph 1, first high \
    fc rgb grey fs solid noborder behind
if (is_mean) {
    set yrange [-0.15:*]
    set ytics 0.1
} else {
    set logscale y 2
    set yrange [0.5:*]
}
set title ARG3 . " over the units"
value = is_mean ? 14 : 15
plot for [d=1:n] file(d, 1) using ($5/$3):value with lines lw 1.8 \
         lc rgb colour[(d - 1)%8 + 1] title word(depths, d)." layers, end", \
     for [d=1:n] file(d, 0) using ($5/$3):value with lines dt 2 \
         lc rgb colour[(d - 1)%8 + 1] title word(depths, d)." layers, start"
