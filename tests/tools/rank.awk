# Lines "KEY VALUE", sorted by key and value as a number: count and nearest ranks of each key
function rank(p,    r) { r = p * n / 100; return v[r == int(r) ? r : int(r) + 1] }
function flush() { if (n) printf "%s,%d,%.0f,%.0f,%.0f,%.0f\n", key, n, rank(50), rank(90), rank(99), v[n] }
$1 != key { flush(); n = 0; key = $1 }
{ v[++n] = $2 }
END { flush() }
