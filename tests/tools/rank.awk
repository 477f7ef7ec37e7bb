# Lines "KEY VALUE", sorted by key and value as a number: count and nearest ranks of each key
function rank(permille,    r) { r = n * permille; return v[r % 1000 ? int(r / 1000) + 1 : r / 1000] }
function flush() {
	if (n)
		printf "%s,%d,%.0f,%.0f,%.0f,%s,%.0f\n", key, n, rank(500), rank(900), rank(990),
		       n < 1000 ? "" : sprintf("%.0f", rank(999)), v[n]
}
$1 != key { flush(); n = 0; key = $1 }
{ v[++n] = $2 }
END { flush() }
