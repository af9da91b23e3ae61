# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c bench.gp TABLE PICTURE: ns per element against the largest error
# seen, a dot a kernel, log axes.  Best is at the lower left.  The numbers stand
# in a column on the right, as near to the height of their dots as they fit, and
# the names below, the slowest first.
load system("dirname '" . ARG0 . "'") . "/house.gp"
table = ARG1
far = 1e9
seen(error) = error > far ? far : error
stats table using (seen($5)) name "error" nooutput
stats table using 4 name "speed" nooutput
right = error_max < 50 ? 100 : 2*error_max
low = 10**floor(log10(speed_min/1.2))
high = 10**ceil(log10(1.2*speed_max))
count = int(speed_records)
array time[count]
array label[count]
stats table using (time[int($0) + 1] = $4) nooutput
set table $unused
plot table using (label[int($0) + 1] = strcol(1), $4) with table
unset table

array order[count] # the fastest first
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
line = 1.0/18
if (count*line > 1) { line = 1.0/count }
array place[count]
array rank[count]
below = -line
do for [i = 1:count] {
    own_place = log(time[order[i]]/low)/log(high/low)
    below = own_place < below + line ? below + line : own_place
    below = below > 1 - (count - i)*line ? 1 - (count - i)*line : below
    place[order[i]] = below
    rank[order[i]] = count + 1 - i
}
height(i) = low*(high/low)**place[int(i) + 1]

names = 17*count
tall = 374 + names
eval panel(tall)
set output ARG2
set bmargin at screen (names + 76.0)/tall
set logscale xy
set xlabel sprintf("largest error, ULP%s", error_max < far ? "" : \
    " (10^9: that or more)")
set ylabel "ns per element"
set format xy powers
set xtics 1,right > 1e4 ? 1e3 : 10
set xrange [0.3:right]
set yrange [low:high]
set rmargin 5
unset key
stats table using (n = $2, threads = $3, $4) every ::0::0 name "first" \
    nooutput
set title sprintf("%d elements a call, %d thread%s", n, threads, \
    threads > 1 ? "s" : "")
do for [i = 1:count] {
    set label sprintf("%d  %s", rank[i], label[i]) noenhanced \
        at screen 0.06, screen (names + 8 - 17*(rank[i] - 0.5))/tall left
}
set arrow from 0.5, graph 0 to 0.5, graph 1 nohead dt 3 lc rgb "#777777"
own(name) = name[1:3] eq "sn_"
plot table using (seen($5)):4:(right - seen($5)):(height($0) - $4) \
        with vectors nohead lc rgb "#cccccc", \
    table using (seen($5)):(own(strcol(1)) ? $4 : NaN) \
        with points pt 7 ps 1.0 lc rgb hue[1], \
    table using (seen($5)):(own(strcol(1)) ? NaN : $4) \
        with points pt 7 ps 1.0 lc rgb hue[2], \
    table using (right):(height($0)):(sprintf("%d", rank[int($0) + 1])) \
        with labels left offset 0.5,0
