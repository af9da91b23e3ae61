# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c simulate.gp FOLDER PICTURE mean|variance: against the layer, measured
# (band: two standard errors over the networks) beside the exact map.
load system("dirname '" . ARG0 . "'") . "/house.gp"
folder = ARG1
is_mean = ARG3 eq "mean"
eval panel(320)
set key inside top right vertical samplen 1.5 spacing 0.9 # where no line goes
set output ARG2
set xlabel "layer"
set xrange [0:64]
if (is_mean) { set ytics 0.2 } else { set ytics 1 }
set style fill transparent solid 0.3 noborder
column_of = is_mean ? 2 : 5 # then its standard error; theory from 8 on
theory = is_mean ? 8 : 9
file(i) = sprintf("%s/simulate%d.tsv", folder, i)
array start[3]
do for [i=1:3] {
    stats file(i) using (m = $8, v = $9, 0) every ::0::0 nooutput
    start[i] = sprintf("from (%g, %g)", m, v)
}
set title ARG3 . " of one input over the units"
set arrow 1 from graph 0, first !is_mean to graph 1, first !is_mean nohead \
    dt 3 lc rgb dark
low(i) = column(column_of) - 2*column(column_of + 1)
high(i) = column(column_of) + 2*column(column_of + 1)
plot for [i=1:3] file(i) using 1:(low(i)):(high(i)) with filledcurves \
         lc rgb hue[i] notitle, \
     for [i=1:3] file(i) using 1:column_of with points pt 7 ps 0.35 \
         lc rgb hue[i] title start[i], \
     for [i=1:3] file(i) using 1:theory with lines lw 1.5 lc rgb hue[i] \
         notitle, \
     NaN with lines lw 1.5 lc rgb "black" title "exact map"
