# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c ulp.gp FOLDER PICTURE: largest error in ULP against |x| for each kernel,
# one panel a kernel, log axes.
folder = ARG1
list = folder."/ulp_panels.tsv"
stats list using 1 nooutput
panels = int(STATS_records)
columns = 4
rows = int(ceil(panels / real(columns)))
set terminal svg noenhanced size 1100,40+190*rows font "DejaVu Sans,11" background "white"
set output ARG2
set multiplot layout rows,columns margins 0.06,0.99,0.32/rows,1-0.22/rows \
    spacing 0.025,0.35/rows
set logscale xy
set xrange [1e-45:1e39]
set yrange [0.05:1e9]
set format x "1e%T"
set xtics 1e-40,1e20,1e20 nomirror
set ytics 1,1e3,1e6 nomirror
unset mxtics
unset mytics
shown(ulp) = ulp > 5e8 ? 5e8 : ulp # unwritten results: off the scale
# a panel has some 230 points across: of eight neighbours the largest error
largest(file, block) = sprintf("< awk 'NF && $1 !~ /^#/ && $1 != \"nan\" \
    { if (b == %d) { n++; if ($2 + 0 > m) m = $2 + 0; \
      if (n %% 8 == 0) { print $1, m; m = 0 } } fresh = 1 } \
    !NF { if (fresh) b++; fresh = 0 }' '%s'", block, file)
set grid lc rgb "#e5e5e5"
array file[panels]
array block[panels]
array label[panels]
do for [i=1:panels] {
    set table $unused
    plot list using (file[i] = strcol(2), block[i] = $3, \
        label[i] = strcol(4), $1) every ::i-1::i-1 with table
    unset table
    set title label[i] offset 0,-0.6
    if ((i-1) % columns == 0) {
        set ylabel "max error, ULP"
        set format y "1e%T"
    } else {
        unset ylabel
        set format y ""
    }
    set key at graph 0.97,0.95 samplen 1
    if (i == 1) { set key on } else { set key off }
    plot 0.5 with lines dt 3 lc rgb "#444444" notitle, \
        4 with lines dt 2 lc rgb "#bbbbbb" notitle, \
        largest(folder."/".file[i], block[i]) using ($1 > 0 ? $1 : NaN):(shown($2)) \
            with lines lc rgb "#999999" title "x > 0", \
        largest(folder."/".file[i], block[i]) using ($1 < 0 ? -$1 : NaN):(shown($2)) \
            with lines lw 1.3 lc rgb "#d55e00" title "x < 0"
}
unset multiplot
