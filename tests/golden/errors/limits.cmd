# Limits and what the machine refuses.
printf 'use pmo\nexport pmo_portfolio to "x.csv"\n' > e.remit; $REMIT run e.remit --store e.db --on 2026-06-30; cat x.csv; $REMIT run e.remit --store e.db --on 2026-06-30 --read-only
printf 'use pmo\nexport pmo_portfolio to "nowhere/x.csv"\n' > f.remit; $REMIT run f.remit --store e.db --on 2026-06-30
for i in $(seq 1 40); do echo "include \"i$((i + 1)).remit\"" > i$i.remit; done; echo > i41.remit; $REMIT run i1.remit --store i.db --on 2026-06-30
python3 -c "print(','.join('c%d' % i for i in range(2001)))" > wide.csv; $REMIT import holiday wide.csv --store e.db --on 2026-06-30
python3 -c "print('\n'.join('record r%d \"R\" { x: int key x }' % i for i in range(17)) + '\nrecord all \"All\" { ' + ' '.join('f%d: r%d' % (i, i) for i in range(17)) + ' }\nimport all from \"a.csv\" { ' + ' '.join('f%d: column \"c\"' % i for i in range(17)) + ' }')" > many.remit; printf 'c\n1\n' > a.csv; $REMIT run many.remit --store m.db --on 2026-06-30
printf 'record n "N" { x: int key x }\n' > n.remit; for i in $(seq 1 300); do echo "add n { x: $i }"; done > add.remit; $REMIT run n.remit add.remit --store n.db --on 2026-06-30; $REMIT query 'from a in n, b in n, c in n where a.x + b.x + c.x < 0 show count()' --store n.db --timeout 0.2; $REMIT query 'from a in n, b in n, c in n where a.x + b.x + c.x < 0 show count()' --store n.db --timeout 0.2 --engine interpreter
remit query 'from n show x' --store n.db > /dev/full
printf 'use pmo\nfrom initiative show name take count(initiative)\n' > t.remit; $REMIT run t.remit --store t.db --on 2026-06-30
printf 'record n "N" { x: int key x y: int default count(office) }\n' > n2.remit; $REMIT check n2.remit --store n.db --on 2026-06-30
head -c 70000000 /dev/zero | tr '\0' ' ' > large.remit; $REMIT run large.remit --store t.db
printf 'use pmo\ninitiative A { start: 2026-01-01 due: 2026-12-31 budget: 1 USD }\nremove A\nset A { budget: 2 USD }\n' > k.remit; $REMIT run k.remit --store k.db --on 2026-06-30
