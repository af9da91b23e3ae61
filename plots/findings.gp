# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c findings.gp FOLDER: the pictures of docs/results/findings.md from the
# tables that findings.sh leaves in FOLDER.
load system("dirname '" . ARG0 . "'") . "/house.gp"
folder = ARG1
table(name) = folder . "/" . name . ".tsv"
set style fill transparent solid 0.25 noborder
set key samplen 1.5
# columns
mean = 2; variance = 5; second = 10; second_spread = 14; pooled = 15
unit = 17; cosine = 19; factor = 23; energy = 25; inside = 27; within = 30
t_variance = 9; t_second = 33; t_second_spread = 37; t_unit = 38
t_cosine = 39; t_energy = 42; t_mean_spread = 35; t_variance_spread = 36
wide = sheet(1040, 440)
single = sheet(640, 440)

eval single
set output folder . "/depth.svg"
set title "standard deviation of q over networks, relative to E q"
set format y powers
set xlabel "layer"
set logscale xy
set xrange [1:1000]
set yrange [0.02:100]
set key left top Left reverse
# on a logarithmic axis: every layer at first, then every twelfth
sparse(l) = l <= 12 || int(l) % 12 == 0 ? l : NaN
array net[4] = ["selu", "relu", "tanh", "elu"]
array label[4] = ["SELU, LeCun", "ReLU, He", "tanh, LeCun", "ELU, LeCun"]
plot for [i=1:4] table("depth-" . net[i]) \
         using (sparse($1)):(sqrt(column(second_spread))/column(second)) \
         with points pt 7 ps 0.3 lc rgb hue[i] title label[i], \
     for [i=1:4] table("depth-" . net[i]) \
         using 1:(sqrt(column(t_second_spread))/column(t_second)) \
         with lines lw 1.5 lc rgb hue[i] notitle, \
     NaN with lines lw 1.5 lc rgb "#000000" title "linearized chain"
unset logscale
set format y "% h"
set key noreverse Right

set output folder . "/variances.svg"
set title "four variances, start (0.5, 2), width 1024, 16 inputs"
set xrange [0:64]
set yrange [0.85:1.4]
set key right top
plot table("variances") using 1:variance with points pt 7 ps 0.5 \
         lc rgb hue[1] title "of one input over the units", \
     table("variances") using 1:t_variance with lines lc rgb hue[1] notitle, \
     table("variances") using 1:pooled with points pt 6 ps 0.7 lc rgb hue[2] \
         title "over units and inputs", \
     table("variances") using 1:(column(second) - column(mean)**2) \
         with points pt 1 ps 0.6 lc rgb hue[3] \
         title "of one unit and input over networks", \
     table("variances") using 1:unit with points pt 7 ps 0.5 lc rgb hue[4] \
         title "of one unit over inputs", \
     table("variances") using 1:t_unit with lines lc rgb hue[4] notitle

set output folder . "/width.svg"
set title "share of single networks (one input) at layer 64"
set xlabel "width"
set logscale x 2
set xrange [48:12000]
set yrange [0:1.4]
set key left top
last(w) = sprintf("< tail -n 1 '%s/width-%d.tsv'", folder, w)
# of a normal law, with the spreads of theory at the largest width
stats last(8192) using (spread_m = column(t_mean_spread)*8192, \
    spread_v = column(t_variance_spread)*8192, 0) nooutput
array width[5] = [64, 256, 1024, 4096, 8192]
plot for [i=1:5] last(width[i]) using (width[i]):inside with points pt 7 \
         lc rgb hue[1] title (i == 1 ? "inside the paper's Ω" : ""), \
     for [i=1:5] last(width[i]) using (width[i]):within with points pt 6 \
         lc rgb hue[2] title (i == 1 ? "|mean| < 0.01, |var − 1| < 0.05" : ""), \
     erf(0.01/sqrt(2*spread_m/x))*erf(0.05/sqrt(2*spread_v/x)) with lines \
         lc rgb hue[2] title "normal law of theory's spreads"
unset logscale

eval wide
set output folder . "/gradient.svg"
set multiplot layout 1,2 margins 0.08,0.98,0.14,0.9 spacing 0.1
set xlabel "layer"
set xrange [0:64]
set autoscale y
set key right top
set title "ln of the gradient's energy relative to the last layer"
plot for [i=1:4] table("gradient-" . net[i]) using 1:energy \
         with points pt 7 ps 0.4 lc rgb hue[i] title label[i], \
     for [i=1:4] table("gradient-" . net[i]) using 1:t_energy \
         with lines lc rgb hue[i] notitle
set title "cosine of two inputs correlated 0.9"
set yrange [-0.05:1.02]
set key left bottom
plot for [i=1:4] table("gradient-" . net[i]) using 1:cosine \
         with points pt 7 ps 0.4 lc rgb hue[i] title label[i], \
     for [i=1:4] table("gradient-" . net[i]) using 1:t_cosine \
         with lines lc rgb hue[i] notitle
unset multiplot

set output folder . "/dropout.svg"
set multiplot layout 1,2 margins 0.08,0.98,0.14,0.9 spacing 0.1
array rate[3] = ["0.05", "0.1", "0.2"]
set title "cosine of two masked passes of one input"
set key right top
plot for [i=1:3] table("alpha-dropout-" . rate[i]) using 1:cosine \
         with points pt 7 ps 0.4 lc rgb hue[i] title "alpha " . rate[i], \
     for [i=1:3] table("alpha-dropout-" . rate[i]) using 1:t_cosine \
         with lines lc rgb hue[i] notitle, \
     for [i=1:3] table("dropout-" . rate[i]) using 1:cosine \
         with points pt 6 ps 0.4 lc rgb hue[i] title "ordinary " . rate[i], \
     for [i=1:3] table("dropout-" . rate[i]) using 1:t_cosine \
         with lines dt 2 lc rgb hue[i] notitle
set title "variance of one input over the units"
set yrange [0.8:5]
set key left top
plot for [i=1:3] table("alpha-dropout-" . rate[i]) using 1:variance \
         with points pt 7 ps 0.4 lc rgb hue[i] title "alpha " . rate[i], \
     for [i=1:3] table("dropout-" . rate[i]) using 1:variance \
         with points pt 6 ps 0.4 lc rgb hue[i] title "ordinary " . rate[i], \
     for [i=1:3] table("dropout-" . rate[i]) using 1:t_variance \
         with lines dt 2 lc rgb hue[i] notitle
unset multiplot

eval single
set output folder . "/start.svg"
set title "variance by layer, from six starts (μ, ν)"
set xrange [0:40]
set yrange [1e-7:1e9]
set logscale y
set format y powers
set key right top
array from[6] = ["0,1e6", "100,1", "-1,16", "1,16", "-1,0.02", "0,1e-6"]
set object 1 rectangle from 0,0.8 to 40,1.5 fc rgb "#bbbbbb" behind
plot for [i=1:6] table("start" . from[i]) using 1:variance \
         with points pt 7 ps 0.5 lc rgb hue[i] title "(" . from[i] . ")", \
     for [i=1:6] table("start" . from[i]) using 1:t_variance \
         with lines lc rgb hue[i] notitle, \
     NaN with lines lc rgb "#bbbbbb" lw 8 title "Ω: 0.8 to 1.5"

set output folder . "/global.svg"
# the claim's number of layers, as `prove` printed it
layers = system("tr '\\n' ' ' <'" . folder . "/entry.txt' | " . \
    "sed 's/.*after at most *\\([0-9]*\\) layers.*/\\1/'")
set title "variance, from the corners of the claim's region"
set xrange [0:40]
set yrange [0.0003:30]
set key right bottom
unset object 1
set object 1 rectangle from 0,0.8 to 40,1.5 fc rgb "#bbbbbb" behind
set arrow 1 from layers, graph 0.5 to layers, graph 1 nohead dt 2 lc rgb dark
array law[4] = ["global-free-1,16", "global-0.1,1.1-1,16", \
    "global-layer-1,0.02", "global-0.1,0.95-1,0.02"]
array said[4] = ["LeCun, from (1, 16)", "ω 0.1, τ 1.1, from (1, 16)", \
    "drawn per layer, from (1, 0.02)", "ω 0.1, τ 0.95, from (1, 0.02)"]
plot for [i=1:4] table(law[i]) using 1:variance with points pt 7 ps 0.5 \
         lc rgb hue[i] title said[i], \
     for [i=1:4] table(law[i]) using 1:t_variance with lines lc rgb hue[i] \
         notitle, \
     NaN with lines lc rgb "#bbbbbb" lw 8 title "Ω: 0.8 to 1.5", \
     NaN with lines dt 2 lc rgb dark title \
         sprintf("proven: inside Ω after %s layers", layers)
