# Files and stores that are not what they should be.
remit run nothing.remit
remit check .
remit query "1 + 1" --store missing.db
printf 'not a store' > text.db; $REMIT query "1" --store text.db
mkdir folder.db; $REMIT query "1" --store folder.db
sqlite3 other.db 'create table t(x)'; $REMIT query "1" --store other.db
remit query "1" --store nowhere/x.db
printf 'print 1\n' > one.remit; $REMIT run one.remit --store one.db --on 2026-06-30; $REMIT run one.remit --store one.db --read-only
printf 'add person P1 "Ada" {}\n' > add.remit; $REMIT run add.remit --store one.db --read-only --on 2026-06-30
printf 'add person P1 "Ada" {}\n' > policy.remit; mkdir policy; mv policy.remit policy; $REMIT check policy --store one.db --on 2026-06-30
sqlite3 one.db 'pragma user_version = 999'; $REMIT query "1" --store one.db
printf 'print "\377"\n' > bytes.remit; $REMIT run bytes.remit --store b.db
printf 'print 1\0print 2\n' > zero.remit; $REMIT run zero.remit --store b.db
: > empty.remit; $REMIT run empty.remit --store b.db
printf '\357\273\277print 1\r\nprint 2\r\n' > bom.remit; $REMIT run bom.remit --store b.db
printf 'use pmo\n' > p.remit; $REMIT check p.remit --store typo.db; $REMIT check --store typo.db; ls typo.db; $REMIT check p.remit --store :memory:; printf 'use pmo\ninitiative A { start: 2026-01-01 due: 2026-12-31 budget: 1 USD }\n' > q.remit; $REMIT check q.remit --store new.db --on 2026-06-30
printf 'rule late "Late" { for person when name = "Ada" raise low effective from 2030-01-01 }\n' > e.remit; $REMIT check e.remit --store :memory: --on 2026-06-30
mkdir -p far/data; printf 'record n "N" { x: int key x }\nimport n from "data/n.csv" { x: column "x" }\nimport n from "m.csv" { x: column "x" }\nfrom n show x\n' > far/load.remit; printf 'x\n1\n' > far/data/n.csv; printf 'x\n2\n' > far/m.csv; printf 'x\n3\n' > m.csv; $REMIT run far/load.remit --store far.db; rm m.csv; $REMIT run far/load.remit --store far2.db
: > z.db; $REMIT query 'from initiative' --store z.db; $REMIT check --store z.db
printf 'add person P1 "Ada" {}\nadd person P1 "Ada" {}\n' > twice.remit; $REMIT run twice.remit --store first.db --on 2026-06-30; ls first.db; $REMIT query 'from person' --store first.db
printf 'add person P1 "Ada" {}\nadd person P1 "Ada" {}\n' > twice.remit; $REMIT run twice.remit --on 2026-06-30 2>&1 | head -1; : > remit.db; $REMIT query 'from person'
