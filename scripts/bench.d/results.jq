# Samples (curve, mode, x, metric, run, value) to what make bench reports.
#   jq -R -s -f results.jq --argjson about '{...}'

def number_or_name: if test("^[0-9]+$") then tonumber else . end;
def at($q): sort | .[((length * $q) | ceil) - 1];
# of a few runs: the middle one, or between the two in the middle
def middle: sort | if length % 2 == 1 then .[(length - 1) / 2]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;

def slope: # of [[x, y], ...], least squares
	(map(.[0]) | add / length) as $mx | (map(.[1]) | add / length) as $my |
	(map((.[0] - $mx) * (.[1] - $my)) | add) / (map((.[0] - $mx) * (.[0] - $mx)) | add);

def spread($of; $unit): { ("\($of)_\($unit)"): middle, ("\($of)_min_\($unit)"): min, ("\($of)_max_\($unit)"): max };

def rows($unit):
	group_by(.[:4]) | map(
		{ curve: .[0][0], mode: .[0][1], x: .[0][2], metric: .[0][3] } +
		{ runs: (map(.[4]) | unique | length), samples: length } +
		(group_by(.[4]) | map(map(.[5]) | at(0.5)) | spread("p50"; $unit)) +
		(map(.[5]) | { ("p99_" + $unit): at(0.99), ("max_" + $unit): max })) |
	sort_by(.x as $x | ["idle", "busy", "fifo", "hackbench"] | index($x) // 0);

# the cost of each BE, or each us of a BE, run by run
def slopes($curve):
	map(select(.[0] == $curve and .[3] == "irq")) | group_by(.[1]) | map(
		{ curve: $curve, mode: .[0][1], metric: "irq" } +
		(group_by(.[4]) | map(group_by(.[2]) | map([.[0][2], (map(.[5]) | at(0.5))]) | slope) |
			spread("per_x"; "ns")));

split("\n") | map(select(. != "") | split("\t") | [.[0], .[1], (.[2] | number_or_name), .[3], (.[4] | tonumber), (.[5] | tonumber)]) |
map(select(.[0] | startswith("counted") | not)) as $timed |
{
	format: "dpcm-bench",
	version: 1,
} + $about + {
	times: ($timed | rows("ns")),
	slopes: ($timed | slopes("bes") + slopes("cost")),
	instructions: (map(select(.[0] | startswith("counted"))) | rows("instructions")),
}
