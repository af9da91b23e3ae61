# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c ulp.gp FOLDER PICTURE N: largest error in ULP against |x|, a panel a
# kernel, log axes: the N-th sheet of six.
load system("dirname '" . ARG0 . "'") . "/house.gp"
sheet_of = 6
list = ARG1 . "/ulp_panels.tsv"
stats list using 1 nooutput
panels = int(STATS_records)
first = sheet_of*(int(ARG3) - 1)
last = first + sheet_of < panels ? first + sheet_of : panels
rows = last - first
height = 40 + 82*rows
eval panel(height)
set output ARG2
set multiplot layout rows,1 margins 0.12,0.95,40.0/height,1-24.0/height \
    spacing 0,30.0/height
set logscale xy
set xrange [1e-45:1e39]
set yrange [0.05:1e9]
set format y powers
set xtics 1e-40,1e20,1e20
set ytics 1,1e6,1e6
unset mxtics
unset mytics
set title noenhanced offset 0,-0.9
shown(ulp) = ulp > 5e8 ? 5e8 : ulp # unwritten results: off the scale
# a panel has some 160 points across: of eight neighbours the largest error
largest(file, block) = sprintf("< awk 'NF && $1 !~ /^#/ && $1 != \"nan\" \
    { if (b == %d) { n++; if ($2 + 0 > m) m = $2 + 0; \
      if (n %% 8 == 0) { print $1, m; m = 0 } } fresh = 1 } \
    !NF { if (fresh) b++; fresh = 0 }' '%s'", block, file)
do for [i=first:last-1] {
    set table $unused
    plot list using (file = strcol(2), block = $3, label = strcol(4), $1) \
        every ::i::i with table
    unset table
    set title label
    if (i < last - 1) { set format x "" } else { set format x powers }
    unset key
    plot 0.5 with lines dt 3 lc rgb dark, 4 with lines dt 2 lc rgb "#aaaaaa", \
        largest(ARG1."/".file, block) using ($1 > 0 ? $1 : NaN):(shown($2)) \
            with lines lc rgb "#888888", \
        largest(ARG1."/".file, block) using ($1 < 0 ? -$1 : NaN):(shown($2)) \
            with lines lw 1.3 lc rgb hue[1]
}
unset multiplot
