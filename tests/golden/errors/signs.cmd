# One sign for another.
$REMIT query "max(1; 2)"
$REMIT query "[]"
printf 'let x: 5\n' > l.remit; $REMIT run l.remit --store s.db
