# SPDX-License-Identifier: GPL-3.0-or-later
# gnuplot -c norm.gp FOLDER PICTURE: the spectral norm of the Jacobian over
# (m, v) with the largest ω and τ of Lemma 12, its domain, the line 1.
load system("dirname '" . ARG0 . "'") . "/house.gp"
folder = ARG1
load folder . "/proved.gp"
eval panel(520)
eval legend(4)
eval colours
set title "largest spectral norm over ω and τ"
set output ARG2
set xlabel "m = μω"
set ylabel "v = ντ"
set xrange [-0.1:0.1]
set yrange [0.3:2.4]
set xtics 0.1
set border 15
set palette defined (0.55 "#f7fbff", 0.75 "#9ecae1", 0.9 "#4292c6", \
    0.999 "#08519c", 1.001 "#fdae6b", 1.2 "#e6550d", 1.6 "#7f2704")
set cbrange [0.55:1.6]
set cbtics 0.2
set contour base
set cntrparam levels discrete 1
set view map
unset surface
set table $one
splot folder."/norm.tsv" using 1:2:3
unset table
unset contour
set surface
set object 1 rectangle from jacobian_mu_0*jacobian_omega_1, \
    jacobian_nu_0*jacobian_tau_0 to jacobian_mu_1*jacobian_omega_1, \
    jacobian_nu_1*jacobian_tau_1 front fs empty border lc rgb "black" lw 2
set object 2 rectangle from theorem1_mu_0*theorem1_omega_1, \
    theorem1_nu_0*theorem1_tau_0 to theorem1_mu_1*theorem1_omega_1, \
    theorem1_nu_1*theorem1_tau_1 front fs empty border lc rgb "black" lw 2 dt 2
$largest << END
1
END
plot folder."/norm.tsv" using 1:2:3 with image notitle, \
     $one using 1:2 with lines lw 2 lc rgb "#ff00ff" title "norm 1", \
     NaN with lines lw 2 lc rgb "black" title "Lemma 12", \
     NaN with lines lw 2 dt 2 lc rgb "black" title "Theorem 1", \
     $largest using (jacobian_mu*jacobian_omega):(jacobian_nu*jacobian_tau) \
         with points pt 7 ps 0.8 lc rgb "#cc0000" \
         title sprintf("largest there, %.5f", jacobian_upper)
