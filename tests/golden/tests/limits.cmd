# At most so many failures of a test are shown, and so much of what it prints.
for n in 19 20 21; do (echo 'test "t" { on 2026-02-01'; for i in $(seq 1 $n); do echo "expect $i = 0"; done; echo '}') > t.remit; $REMIT test t.remit --quiet | grep -c '^error'; $REMIT test t.remit --quiet | grep more; done
for n in 65534 65535 65536; do (printf 'test "t" { on 2026-02-01 expect true print "'; head -c $n /dev/zero | tr '\0' x; echo '" }') > o.remit; $REMIT test o.remit --format json | wc -c; $REMIT test o.remit | grep -c 'and more'; done
