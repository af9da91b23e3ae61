# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c norm.gp FOLDER PICTURE: the spectral norm of the Jacobian over
# (m, v) with the largest omega and tau of Lemma 12, its domain, the line 1.
folder = ARG1
set terminal svg noenhanced size 820,560 font "DejaVu Sans,13" background "white"
set output ARG2
set lmargin 9
set rmargin 14
set xlabel "m = μω"
set ylabel "v = ντ"
set xrange [-0.1:0.1]
set yrange [0.3:2.4]
set cblabel "largest spectral norm"
set palette defined (0.55 "#f7fbff", 0.75 "#9ecae1", 0.9 "#4292c6", \
    0.999 "#08519c", 1.001 "#fdae6b", 1.2 "#e6550d", 1.6 "#7f2704")
set cbrange [0.55:1.6]
set key outside top center horizontal samplen 2 maxrows 2
set tmargin 5
set contour base
set cntrparam levels discrete 1
set view map
unset surface
set table $one
splot folder."/norm.tsv" using 1:2:3
unset table
unset contour
set surface
set object 1 rectangle from -0.01,0.64 to 0.01,1.875 front fs empty border \
    lc rgb "#000000" lw 2
set object 2 rectangle from -0.01,0.76 to 0.01,1.65 front fs empty border \
    lc rgb "#000000" lw 2 dt 2
plot folder."/norm.tsv" using 1:2:3 with image notitle, \
     $one using 1:2 with lines lw 2 lc rgb "#ff00ff" title "norm 1", \
     NaN with lines lw 2 lc rgb "#000000" title "Lemma 12", \
     NaN with lines lw 2 dt 2 lc rgb "#000000" title "Theorem 1", \
     "< echo 0.01 1" using 1:2 with points pt 7 ps 0.8 lc rgb "#cc0000" \
         title "maximum in it, 0.98903"
