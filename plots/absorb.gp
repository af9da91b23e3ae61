# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c absorb.gp FOLDER PICTURE: layers to the domain Ω of Theorem 1 from
# every start, sample orbits, Ω and the absorbing box.
load system("dirname '" . ARG0 . "'") . "/house.gp"
folder = ARG1
load folder . "/proved.gp"
stats folder."/layers.tsv" using 3 name "layers" nooutput
stats folder."/layers.tsv" using 1:2 name "start" nooutput
eval panel(520)
eval legend(3)
eval colours
set title "layers to Ω, the most over ω and τ"
set output ARG2
set xlabel "mean μ"
set ylabel "variance ν"
set xrange [start_min_x:start_max_x]
set xtics 0.5
# log10 of ν: an image wants places at equal distances
set yrange [log10(start_min_y):log10(start_max_y)]
set ytics ("0.02" log10(0.02), "0.1" -1, "0.5" log10(0.5), "1" 0, \
    "2" log10(2), "5" log10(5), "16" log10(16))
set border 15
unset grid
set palette defined (0 "white", 1 "#deebf7", 10 "#6baed6", 24 "#08306b")
set cbrange [0:layers_max]
set object 1 rectangle from theorem1_mu_0,log10(theorem1_nu_0) to \
    theorem1_mu_1,log10(theorem1_nu_1) front fs empty border \
    lc rgb "#cc0000" lw 2
set object 2 rectangle from box_mu_0,log10(box_nu_0) to \
    box_mu_1,log10(box_nu_1) front fs empty border lc rgb "#cc0000" lw 2 dt 2
plot folder."/layers.tsv" using 1:(log10($2)):3 with image notitle, \
     for [i=0:7] folder."/orbits.tsv" index i using 1:(log10($2)) \
         with linespoints lw 1.5 pt 7 ps 0.35 lc rgb hue[1] \
         title (i ? "" : "orbits"), \
     NaN with lines lw 2 lc rgb "#cc0000" title "Ω", \
     NaN with lines lw 2 dt 2 lc rgb "#cc0000" title "absorbing box"
