# SPDX-License-Identifier: GPL-3.0-or-later
# house.gp: what all pictures share; the first line of each script loads it.  A
# picture is one panel, as wide as a phone, with letters that can be read there
# (at least 12 points of its screen); a page lays panels side by side.
letters = "sans-serif"
sheet(width, height) = sprintf("set terminal svg enhanced size %d,%d font '" \
    . letters . ",15' background 'white'", int(width), int(height))
panel(height) = sheet(420, height)
array hue[8] = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", \
    "#e69f00", "#000000", "#777777"]
light = "#dddddd" # grids; domains are grey
grey = "#e8e8e8"
dark = "#444444"
set grid lc rgb light
set border 3 lc rgb dark
set tics nomirror out scale 0.6 tc rgb "black"
set title offset 0,-0.5
set xlabel offset 0,0.5
set ylabel offset 1.8,0
set lmargin 7
set rmargin 3
set tmargin 2
# the legend stands below, in so many rows: never on the data
legend(rows) = sprintf("set bmargin %g; set key at screen 0.5," . \
    "screen 0.01 bottom center vertical Left reverse samplen 1.5 " . \
    "maxrows %d", 3.1 + rows, int(rows))
# the colours of an image, above it
colours = "set colorbox horizontal user origin graph 0,1.03 " . \
    "size graph 1,0.035; set cbtics offset 0,2.4; set tmargin 5; " . \
    "set title offset 0,2"
powers = "10^{%T}" # the format of a logarithmic axis
