# A store that was made for another policy.
printf 'record r "R" { x: int }\n' > a.remit; printf 'add r { x: 1 }\n' > add.remit; $REMIT run a.remit add.remit --store s.db --on 2026-06-30
printf 'record r "R" { x: text }\n' > b.remit; $REMIT check b.remit --store s.db --on 2026-06-30
printf 'record r "R" { x: int y: int }\n' > b.remit; $REMIT check b.remit --store s.db --on 2026-06-30
printf 'record r "R" { x: int y: int default 7 }\n' > b.remit; $REMIT check b.remit --store s.db --on 2026-06-30; $REMIT query 'from r show x, y' --store s.db
printf 'record r "R" { x: int y: int? }\n' > b.remit; $REMIT check b.remit --store s.db --on 2026-06-30; printf 'add r { x: 1 }\n' > add.remit; $REMIT run b.remit add.remit --store s.db --on 2026-06-30; $REMIT check a.remit --store s.db --on 2026-06-30
printf 'record r "R" { x: int y: int }\n' > b.remit; $REMIT check b.remit --store s.db --on 2026-06-30
printf 'record r "R" { x: int key x }\n' > b.remit; $REMIT check b.remit --store s.db --on 2026-06-30
printf 'enum e { one, two }\nrecord q "Q" { e: e }\n' > c.remit; printf 'add q { e: two }\n' > add.remit; $REMIT run c.remit add.remit --store t.db --on 2026-06-30; printf 'enum e { zero, two, one }\nrecord q "Q" { e: e }\n' > d.remit; $REMIT check d.remit --store t.db --on 2026-06-30; $REMIT query 'from q show e' --store t.db; printf 'enum e { one }\nrecord q "Q" { e: e }\n' > e.remit; $REMIT check e.remit --store t.db --on 2026-06-30
