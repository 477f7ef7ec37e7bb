# Runs the commands ("$ ...") of a document's blocks and puts what they print in the place of what
# stood there: the document is right if nothing changed.
/^```/ {
	inside = !inside
	ran = 0
	print
	next
}
inside && /^\$ / {
	print
	fflush()
	if (system(substr($0, 3) " 2>&1") && $0 !~ /echo/)
		print "(exit code not 0)"
	ran = 1
	next
}
inside && ran { next }	# what it printed before
{ print }
