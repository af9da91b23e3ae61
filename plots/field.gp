# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c field.gp FOLDER PICTURE: the field g(x) - x around (0, 1), the domain
# of Theorem 1, its images under g, and the fixed point.
load system("dirname '" . ARG0 . "'") . "/house.gp"
folder = ARG1
load folder . "/proved.gp"
eval panel(520)
eval legend(6)
set output ARG2
set xlabel "mean μ"
set ylabel "variance ν"
set xrange [1.5*theorem1_mu_0:1.5*theorem1_mu_1]
set yrange [0.62:1.68]
set xtics 0.1
set object 1 rectangle from theorem1_mu_0,theorem1_nu_0 to \
    theorem1_mu_1,theorem1_nu_1 fs empty border lc rgb "#666666" lw 3
unset grid
array name[3] = ["image, ω = 0, τ = 1", "image, ω = ±0.1, τ = 1.1", \
    "image, ω = ±0.1, τ = 0.95"]
array colour[3] = ["black", hue[1], hue[2]]
shrink = 0.33
$fixed << END
0 1
END
plot folder."/field.tsv" using 1:2:(shrink*$3):(shrink*$4) with vectors \
         head size 0.004,18 filled lc rgb "#999999" \
         title "(g(x) − x)/3, ω = 0, τ = 1", \
     NaN with lines lw 3 lc rgb "#666666" title "domain of Theorem 1", \
     for [i=1:3] folder."/image.tsv" index i-1 with lines lw 2 \
         lc rgb colour[i] title name[i], \
     $fixed with points pt 7 ps 0.9 lc rgb "#cc0000" \
         title "fixed point (0, 1)"
