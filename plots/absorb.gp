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
# log10 of ν: an image wants places at equal distances
set yrange [log10(0.02):log10(16)]
set ytics ("0.02" log10(0.02), "0.1" -1, "0.5" log10(0.5), "1" 0, \
    "2" log10(2), "5" log10(5), "16" log10(16))
set cblabel "layers to Ω, the most over ω = ±0.1, τ = 0.95, 1.1"
set palette defined (0 "#ffffff", 1 "#deebf7", 10 "#6baed6", 24 "#08306b")
set cbrange [0:24]
set key outside top center horizontal samplen 2 maxrows 2
set object 1 rectangle from -0.1,log10(0.8) to 0.1,log10(1.5) front fs empty border \
    lc rgb "#cc0000" lw 2
set object 2 rectangle from -0.024628,log10(0.822692) to 0.054726,log10(1.410310) front \
    fs empty border lc rgb "#cc0000" lw 2 dt 2
set style line 1 lw 1.5 lc rgb "#d55e00"
plot folder."/layers.tsv" using 1:(log10($2)):3 with image \
         notitle, \
     for [i=0:7] folder."/orbits.tsv" index i using 1:(log10($2)) with linespoints ls 1 pt 7 \
         ps 0.35 title (i ? "" : "orbits, ω and τ random in every layer"), \
     NaN with lines lw 2 lc rgb "#cc0000" title "Ω", \
     NaN with lines lw 2 dt 2 lc rgb "#cc0000" title "absorbing box"
