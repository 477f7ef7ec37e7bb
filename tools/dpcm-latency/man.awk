# A manual page from the help of a command, so that the two cannot differ: -v verb= (none: of all),
# -v more= a file of roff to put before EXIT STATUS.
function roff(s) {
	gsub(/\\/, "\\e", s)
	gsub(/-/, "\\-", s)
	sub(/^[.']/, "\\\\\\&&", s)
	return s
}
function section(name) {
	if (verbatim)
		print ".EE"
	verbatim = 0
	print ".SH " name
}
BEGIN {
	name = "dpcm-latency" (verb ? "-" verb : "")
	print ".TH " toupper(name) " 1 \"\" \"dpcm\\-latency\" \"Deferred DPCM triggers\""
	part = "usage"
}
part == "usage" && /^usage: / {
	usage = substr($0, 8)
	next
}
part == "usage" && /^commands:/ {
	print ".SH NAME\ndpcm\\-latency \\- where the time of DPCM triggers goes"
	section("SYNOPSIS")
	print ".B " roff(usage)
	section("COMMANDS")
	part = "options"
	next
}
part == "usage" && NF {
	print ".SH NAME\n" roff(name) " \\- " roff($0)
	section("SYNOPSIS")
	print ".B " roff(usage)
	part = "about"
	next
}
/^options:/ {
	section("OPTIONS")
	part = "options"
	next
}
part == "options" && /^  [^ ]/ {
	match($0, /^  [^ ]+( [^ ]+)?/)
	option = substr($0, 3, RLENGTH - 2)
	if (option !~ /^--/)
		option = $1
	text = substr($0, 3 + length(option))
	sub(/^ +/, "", text)
	print ".TP\n.B " roff(option)
	if (text != "")
		print roff(text)
	next
}
part == "options" && /^   / {
	sub(/^ +/, "")
	print roff($0)
	next
}
part == "options" && NF && !/^(exit codes|Record with)/ {
	section("OUTPUT")
	print ".EX"
	verbatim = 1
	part = "output"
}
/^(exit codes|Record with)/ { part = "end" }
part == "output" { print roff($0) }
END {
	if (verbatim)
		print ".EE"
	while ((getline line <more) > 0)
		print line
	print ".SH EXIT STATUS"
	print "0 done, 1 error, 2 usage, 3 events were lost and"
	print ".B \\-\\-strict"
	print "was given, 4 a limit was exceeded"
	print ".RB ( check )"
	print "or something got slower"
	print ".RB ( diff )."
	print ".SH SEE ALSO"
	print (verb ? ".BR dpcm\\-latency (1),\n" : "") ".BR dpcm\\-latency\\-report (1),\n.BR dpcm\\-latency\\-record (1),\n.BR trace\\-cmd\\-record (1)"
}
