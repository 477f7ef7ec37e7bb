# A three-way merge that tells what did not fit:
#   awk -f merge3.awk -v misfits=FILE -v notes=FILE \
#       file=1 BASE file=2 OURS.diff file=3 THEIRS.diff >MERGED
# The diffs are those of git diff -U0 from BASE.  Unlike diff3 it takes changes
# that touch without overlapping, as where a vendor added a line right beside
# one of ours.  What overlaps is left as it is in OURS, and goes to misfits:
#   line in BASE, function, reason, what the tree has there, what was wanted
# with tabs between, one line of code each
# What both sides add at the same place is taken from both, that of OURS first,
# and goes to notes in the same way, as does a comment between lines that go. But changes
# that touch and have a statement in common do not fit: it would be there twice.  Nor does one
# that moves a label or takes it away, where the other has a new jump to it.
#   -v without='F|G'	leaves alone what THEIRS changes in these functions
#   -v only='F|G'	leaves all else alone, and each of these must have a change
# Exits 1 if something did not fit.

BEGIN {
	n_only = split(only, list, "|")
	for (i = 1; i <= n_only; i++) in_only[list[i]] = 1
	for (i = split(without, list, "|"); i > 0; i--) in_without[list[i]] = 1
}

file == 1 { base[++lines] = $0; next }

/^@@ / {
	split($2, r, ",")
	at = -r[1]
	len = (2 in r) ? r[2] : 1
	delete r
	n[file]++
	i = n[file]
	# from..to: base lines that go, as positions between lines
	from[file, i] = len ? at - 1 : at
	to[file, i] = from[file, i] + len
	text[file, i] = ""
	in_hunk = 1
	next
}
/^diff / { in_hunk = 0 }
in_hunk && /^\+/ { text[file, n[file]] = text[file, n[file]] substr($0, 2) "\n" }

function begins(line) { return base[line] ~ /^[A-Za-z_]/ && base[line] !~ /[:;]$/ }

# the function or struct that change j of theirs is in, or whose comment it is in
function inside(j) { return place(3, j) }
function place(side, j,    fn, line, next_line) {
	line = from[side, j] + (to[side, j] > from[side, j])
	# a comment may be on a declaration ahead of the function
	for (next_line = line; base[next_line] ~ /^(\/\*| \*|\/\/|static .*;$)/; next_line++) ;
	if (begins(next_line)) line = next_line
	for (; line > 0; line--)
		if (begins(line)) {
			fn = base[line]
			if (fn ~ /^(struct|enum|union|config) /) { sub(/ *\{.*/, "", fn); return fn }
			if (sub(/\(.*/, "", fn)) { sub(/^.*[ *]/, "", fn); return fn "()" }
		}
	return "-"
}

function is_comment(t,    i, l, n) {
	n = split(t, l, "\n")
	for (i = 1; i <= n; i++)
		if (l[i] !~ /^[ \t]*(\/\*.*\*\/|\/\/.*|#[^a-z].*)?[ \t]*$/ || l[i] ~ /\*\/.*[^ \t]/ && l[i] !~ /\*\/[ \t]*$/)
			return 0
	return 1
}

# a statement that is in both, but for jumps, which are nobody's own
function shared(a, b,    l, n, i, own) {
	n = split(a, l, "\n")
	for (i = 1; i <= n; i++) if (l[i] ~ /..........;$/ && l[i] !~ /^[ \t]*(return|goto|break|continue)/) own[l[i]] = 1
	n = split(b, l, "\n")
	for (i = 1; i <= n; i++) if (l[i] in own) return l[i]
	return ""
}

# the labels that change j of a side moves or takes away, and those that it jumps to
function labels(side, j,    l, n, i, at, has) {
	n = split(text[side, j], l, "\n")
	for (i = 1; i <= n; i++) {
		if (l[i] ~ /^[a-z_0-9]+:$/) has[l[i]]++
		if (match(l[i], /goto [a-z_0-9]+;/)) jumps[side, j] = jumps[side, j] substr(l[i], RSTART + 5, RLENGTH - 6) ":"
	}
	for (at = from[side, j] + 1; at <= to[side, j]; at++)
		if (base[at] ~ /^[a-z_0-9]+:$/) has[base[at]]--
	for (i in has) if (has[i]) moves[side, j] = moves[side, j] i
}
# one of the first in the second, as in "out:err:"
function common(a, b,    l, n, i) {
	n = split(a, l, ":")
	for (i = 1; i < n; i++) if (index(":" b, ":" l[i] ":")) return l[i]
	return ""
}
# a label of their function that one of the two changes moves, and the other jumps to
function lost_label(i, j,    l) {
	l = common(moves[3, j], jumps[2, i])
	if (l == "") l = common(jumps[3, j], moves[2, i])
	return l != "" && place(2, i) == inside(j) ? l : ""
}

function first_line(t) {
	gsub(/\t/, " ", t)
	sub(/^[ \n]+/, "", t)
	sub(/\n.*/, "", t)
	return t == "" ? "-" : t
}

function say(to_file, j, why, there) {
	printf "%d\t%s\t%s\t%s\t%s\n", from[3, j] + 1, inside(j), why,
		first_line(there), first_line(text[3, j]) >>to_file
}

END {
	for (j = 1; j <= n[3]; j++) labels(3, j)
	for (i = 1; i <= n[2]; i++) {
		for (j = n[3]; j > 0 && !(from[2, i] == from[3, j] && to[2, i] == to[3, j] && text[2, i] == text[3, j]); j--) ;
		if (!j) labels(2, i)		# else it is the same change
	}
	# which of theirs fit
	for (j = 1; j <= n[3]; j++) {
		if (n_only || without != "") {
			fn = inside(j)
			take[j] = 0
			if (fn in in_without || n_only && !(fn in in_only)) continue
			seen[fn] = 1
		}
		take[j] = 1
		for (i = 1; i <= n[2]; i++) {
			same = from[2, i] == from[3, j] && to[2, i] == to[3, j]
			if (same && text[2, i] == text[3, j]) {
				take[j] = 0		# the tree has it already
				break
			}
			if (same && from[2, i] == to[2, i]) {
				if (index(text[2, i], text[3, j])) { take[j] = 0; break }
			}
			if ((there = lost_label(i, j)) != "") {
				take[j] = 0
				bad = 1
				say(misfits, j, "the one moves a label, and the other jumps to it", there ":")
				break
			}
			if (from[2, i] <= to[3, j] && from[3, j] <= to[2, i] && (there = shared(text[2, i], text[3, j])) != "") {
				take[j] = 0
				bad = 1
				say(misfits, j, "the tree has a part of this already", there)
				break
			}
			if (same && from[2, i] == to[2, i]) {
				say(notes, j, "both add lines here, and both were kept", text[2, i])
				continue
			}
			if (from[2, i] < to[3, j] && from[3, j] < to[2, i]) {
				if (is_comment(text[2, i]) && from[2, i] == to[2, i]) {
					from[2, i] = to[2, i] = from[3, j]
					say(notes, j, "a comment in lines that change, kept ahead of them", text[2, i])
					continue
				}
				take[j] = 0
				bad = 1
				if (text[2, i] == "")
					say(misfits, j, "the tree does not have the lines that this changes", base[from[2, i] + 1])
				else
					say(misfits, j, "the tree has other lines here", text[2, i])
				break
			}
		}
	}
	for (fn in in_only)
		if (!(fn in seen)) bad = 1
	for (pos = 0; pos <= lines; ) {
		next_pos = pos + 1
		out = ""
		for (i = 1; i <= n[2]; i++)
			if (from[2, i] == pos && to[2, i] == pos) out = out text[2, i]
		for (j = 1; j <= n[3]; j++)
			if (take[j] && from[3, j] == pos && to[3, j] == pos) out = out text[3, j]
		gone = 0
		for (i = 1; i <= n[2]; i++)
			if (from[2, i] == pos && to[2, i] > pos) { out = out text[2, i]; gone = to[2, i] }
		for (j = 1; j <= n[3]; j++)
			if (take[j] && from[3, j] == pos && to[3, j] > pos) { out = out text[3, j]; gone = to[3, j] }
		printf "%s", out
		if (gone)
			pos = gone
		else {
			if (pos < lines) print base[pos + 1]
			pos++
		}
	}
	exit bad
}
