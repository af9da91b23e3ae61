# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c bench.gp TABLE PICTURE: ns per element against the largest error
# seen, a dot a kernel, log axes.  Best is at the lower left.
table = ARG1
stats table using 5 nooutput
set terminal svg noenhanced size 900,620 font "DejaVu Sans,12" \
    background "white"
set output ARG2
set logscale xy
set xlabel "largest error, ULP (0.5: correctly rounded)"
set ylabel "ns per element"
set format x "10^%T"
set xrange [0.3:*]
set offsets graph 0, graph 0.35, graph 0.08, graph 0.08
set grid lc rgb "#e5e5e5"
set border 3
set tics nomirror
set key off
size_of(i) = sprintf("%d elements a call, %d thread(s)", n, threads)
stats table using (n = $2, threads = $3, $4) every ::0::0 nooutput
set title size_of(0)
set arrow from 0.5, graph 0 to 0.5, graph 1 nohead dt 3 lc rgb "#777777"
own(name) = name[1:3] eq "sn_"
plot table using 5:(own(strcol(1)) ? $4 : NaN) \
        with points pt 7 ps 1.0 lc rgb "#d55e00", \
    table using 5:(own(strcol(1)) ? NaN : $4) \
        with points pt 7 ps 1.0 lc rgb "#0072b2", \
    table using 5:4:1 with labels left offset 0.8,0 font ",10"
