# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c absorb.gp FOLDER PICTURE: layers to the domain Omega of Theorem 1
# from every start, sample orbits, Omega and the absorbing box.
folder = ARG1
set terminal svg noenhanced size 820,560 font "DejaVu Sans,13" background "white"
set output ARG2
set lmargin 9
set rmargin 14
set tmargin 5
set xlabel "mean μ"
set ylabel "variance ν"
set xrange [-1:1]
set yrange [0.02:16]
set logscale y
set cblabel "layers to Ω, the most over ω = ±0.1, τ = 0.95, 1.1"
set palette defined (0 "#ffffff", 1 "#deebf7", 10 "#6baed6", 24 "#08306b")
set cbrange [0:24]
set key outside top center horizontal samplen 2 maxrows 2
set object 1 rectangle from -0.1,0.8 to 0.1,1.5 front fs empty border \
    lc rgb "#cc0000" lw 2
set object 2 rectangle from -0.024628,0.822692 to 0.054726,1.410310 front \
    fs empty border lc rgb "#cc0000" lw 2 dt 2
set style line 1 lw 1.5 lc rgb "#d55e00"
plot folder."/layers.tsv" using 1:2:3 with points pt 5 ps 1 lc palette \
         notitle, \
     for [i=0:7] folder."/orbits.tsv" index i with linespoints ls 1 pt 7 \
         ps 0.35 title (i ? "" : "orbits, ω and τ random in every layer"), \
     NaN with lines lw 2 lc rgb "#cc0000" title "Ω", \
     NaN with lines lw 2 dt 2 lc rgb "#cc0000" title "absorbing box"
