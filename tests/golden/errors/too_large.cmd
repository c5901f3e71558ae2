# Files beyond what is read.
head -c 70000000 /dev/zero | tr '\0' ' ' > big.remit; $REMIT check big.remit --store s.db
$REMIT fmt - < big.remit 2>&1 | cut -c1-100
