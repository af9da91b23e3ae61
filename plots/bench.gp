# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c bench.gp TABLE PICTURE: ns per element against the largest error
# seen, a dot a kernel, log axes.  Best is at the lower left.  The names stand
# in a column on the right, as near to the height of their dots as they fit.
table = ARG1
set terminal svg enhanced size 900,620 font "DejaVu Sans,12" \
    background "white"
set output ARG2

far = 1e9
seen(error) = error > far ? far : error
stats table using (seen($5)) name "error" nooutput
stats table using 4 name "speed" nooutput
right = error_max < 50 ? 100 : 2 * error_max
low = 10 ** floor(log10(speed_min / 1.2))
high = 10 ** ceil(log10(1.2 * speed_max))
count = int(speed_records)
array time[count]
stats table using (time[int($0) + 1] = $4) nooutput

array order[count]
do for [i = 1:count] { order[i] = i }
do for [i = 2:count] {
    do for [j = count:i:-1] {
        if (time[order[j]] < time[order[j - 1]]) {
            other = order[j]
            order[j] = order[j - 1]
            order[j - 1] = other
        }
    }
}
# of the axis' height; the last names keep their room at the top
line = 1.0 / 32
if (count * line > 1) { line = 1.0 / count }
array place[count]
below = -line
do for [i = 1:count] {
    own_place = log(time[order[i]] / low) / log(high / low)
    below = own_place < below + line ? below + line : own_place
    below = below > 1 - (count - i) * line ? 1 - (count - i) * line : below
    place[order[i]] = below
}
height(i) = low * (high / low) ** place[int(i) + 1]

set logscale xy
set xlabel "largest error, ULP (0.5: correctly rounded; 10^9: that or more)"
set ylabel "ns per element"
set format x "10^{%T}"
set xrange [0.3:right]
set yrange [low:high]
set rmargin 32
set grid lc rgb "#e5e5e5"
set border 3
set tics nomirror
set key off
size_of(i) = sprintf("%d elements a call, %d thread(s)", n, threads)
stats table using (n = $2, threads = $3, $4) every ::0::0 name "first" \
    nooutput
set title size_of(0)
set arrow from 0.5, graph 0 to 0.5, graph 1 nohead dt 3 lc rgb "#777777"
own(name) = name[1:3] eq "sn_"
plot table using (seen($5)):4:(right - seen($5)):(height($0) - $4) \
        with vectors nohead lc rgb "#cccccc", \
    table using (seen($5)):(own(strcol(1)) ? $4 : NaN) \
        with points pt 7 ps 1.0 lc rgb "#d55e00", \
    table using (seen($5)):(own(strcol(1)) ? NaN : $4) \
        with points pt 7 ps 1.0 lc rgb "#0072b2", \
    table using (right):(height($0)):1 with labels left offset 0.5,0 \
        font ",10" noenhanced
