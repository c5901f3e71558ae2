# Files beyond what is read.
head -c 70000000 /dev/zero | tr '\0' ' ' > big.remit; $REMIT check big.remit --store s.db
$REMIT fmt - < big.remit 2>&1 | cut -c1-100
printf 'record n "N" { x: int key x  t: text }\n' > big.remit; $REMIT run big.remit --store big.db; python3 -c "print('x,t'); [print('%d,%s' % (i, 'a' * 90)) for i in range(20000)]" > big.csv; (ulimit -f 600; $REMIT import n big.csv --store big.db 2>&1 | sed 's/: [a-zA-Z ]*error.*/: …/'); $REMIT query 'count(n)' --store big.db; $REMIT run big.remit --store big.db; $REMIT query 'count(n)' --store big.db
