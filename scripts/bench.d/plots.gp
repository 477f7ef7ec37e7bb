# The curves of make bench, from results.tsv: curve, mode, x, metric, samples,
# median of the runs' medians, its least and its most, p99, max; in us.

set terminal svg size 720,440 dynamic font "sans-serif,13" background "white"
set datafile separator "\t"
set style data yerrorlines
set style fill solid 0.85 noborder
set border 3
set tics nomirror out
set grid y linecolor rgb "#dddddd"
set key outside right top reverse Left samplen 2 spacing 1.2
set lmargin 12
set format y "%.0f"

of(curve, mode, metric) = sprintf("< awk -F'\t' '$1 == \"%s\" && $2 == \"%s\" && $4 == \"%s\"' results.tsv", curve, mode, metric)
array modes[4] = ["off", "stop", "all", "threaded"]
array colors[4] = ["#d55e00", "#0072b2", "#009e73", "#aa4499"]
name(m) = m eq "threaded" ? "fe\\_nonatomic" : m
set linetype 1 linecolor rgb colors[1] linewidth 2 pointtype 7 pointsize 0.6
set linetype 2 linecolor rgb colors[2] linewidth 2 pointtype 5 pointsize 0.6
set linetype 3 linecolor rgb colors[3] linewidth 2 pointtype 9 pointsize 0.7
set linetype 4 linecolor rgb colors[4] linewidth 2 pointtype 13 pointsize 0.7

set ylabel "us, median of the runs, least to most"
set logscale y
set logscale x 2
set xrange [0.9:36]
set xtics (1, 2, 4, 8, 16, 32)
set xlabel "BEs, each of which takes 50 us"

set output "irq-bes.svg"
set title "Time in the interrupt that finds the xrun"
plot for [i=1:4] of("bes", modes[i], "irq") using 3:6:7:8 linetype i title name(modes[i])

set output "added-bes.svg"
set title "Added latency: from the queued STOP to the last BE stopped"
plot for [i=2:3] of("bes", modes[i], "total") using 3:6:7:8 linetype i title modes[i], \
	of("bes", "all", "total") using 3:9 with points linetype 3 title "all, p99", \
	of("bes", "all", "wait") using 3:6:7:8 linetype 3 dashtype 2 title "all, until it runs"

unset logscale x
set xrange [-30:1030]
set xtics autofreq
set xlabel "us that each of 4 BEs takes"
set output "irq-cost.svg"
set title "Time in the interrupt that finds the xrun"
plot for [i=1:4] of("cost", modes[i], "irq") using 3:6:7:8 linetype i title name(modes[i]), \
	of("sleep", "all", "irq") using 3:6:7:8 linetype 3 dashtype 2 title "all, BEs that sleep"

set xrange [*:*]
set logscale x
set logscale y
set xtics ("none" 0.3, "1" 1, "10" 10, "100" 100)
set xlabel "ms that DAPM takes under the mutex to power another FE's BE"
set output "added-mutex.svg"
set title "Added latency of a STOP that meets a busy mutex"
set yrange [0.5:*]
ms(x) = x == 0 ? 0.3 : x / 1000
plot of("mutex", "all", "total") using (ms($3)):6:7:8 linetype 3 title "all", \
	of("mutex", "all", "total") using (ms($3)):9 with points linetype 3 title "all, p99", \
	of("mutex", "all", "lock") using (ms($3)):6:7:8 linetype 3 dashtype 2 title "all, for the mutex"

unset logscale x
set xtics autofreq
unset xlabel
set style data histogram
set style histogram clustered gap 1
set style fill solid 0.85
set xrange [-0.6:*]
set yrange [10:*]

set output "floor-load.svg"
set title "Added latency of one BE that takes no time, and the floor"
set ylabel "us (dark: median, light: p99)"
# medians in front of the p99 they belong to
plot of("floor", "highpri", "wake") using 9:xtic(3) linecolor rgb "#cccccc" title "empty work item, p99", \
	of("load", "all", "total") using 9 linecolor rgb "#99d8c7" title "all, p99", \
	of("load", "all-fifo", "total") using 9 linecolor rgb "#eebf99" title "all, SCHED\\_FIFO thread, p99", \
	newhistogram "" at 0, \
	of("floor", "highpri", "wake") using 6 linecolor rgb "#666666" title "empty work item", \
	of("load", "all", "total") using 6 linetype 3 title "all", \
	of("load", "all-fifo", "total") using 6 linecolor rgb "#d55e00" title "all, SCHED\\_FIFO thread"

set output "workers.svg"
set title "Wake-up of an empty work item, by who runs it"
array workers[4] = ["highpri", "unbound", "ordered", "fifo"]
array dark[4] = ["#0072b2", "#009e73", "#e69f00", "#d55e00"]
array light[4] = ["#99c7e0", "#99d8c7", "#f5d999", "#eebf99"]
plot for [i=1:4] of("floor", workers[i], "wake") using 9:xtic(3) linecolor rgb light[i] notitle, \
	newhistogram "" at 0, \
	for [i=1:4] of("floor", workers[i], "wake") using 6 linecolor rgb dark[i] title workers[i]

set output "wake.svg"
set title "From the interrupt of a period to the application on a CPU"
set key off
set style data boxes
set boxwidth 0.6
set xrange [0.3:4.7]
set xtics ("off" 1, "stop" 2, "all" 3, "fe\\_nonatomic" 4)
light(i) = light[i]
plot for [i=1:4] of("wake", modes[i], "app") using (i):9 linecolor rgb "#dddddd", \
	for [i=1:4] of("wake", modes[i], "app") using (i):6 linetype i, \
	for [i=1:4] of("wake", modes[i], "app") using (i):7:(0):($8 - $7) with vectors nohead linecolor rgb "black" linewidth 3
