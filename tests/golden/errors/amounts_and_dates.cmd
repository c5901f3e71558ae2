# Dates and amounts as they are written elsewhere.
printf 'use pmo\ninitiative METERS "Smart meters" { start: 2026-01-05 due: 2026-06-01 budget: 100k USD }\n' > pre
(cat pre; echo 'set METERS { start: 05.01.2026 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'initiative X { start: 05.01.2026 due: 31.12.26 budget: 1 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 31/12/2026 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 12/31/2026 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 05/06/2026 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 31-12-2026 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 2026/12/31 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due < 31/12/2026') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule r "R" { for initiative when due > 31.12.2026 raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 31.02.2026 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 2026-02-31 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 2026-2-3 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { due: 2026-31-12 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { budget: 50.000 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where budget < 50.125 USD') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where budget < 0.125 USD') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where budget < 50.1250 USD') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { budget: 1.250.000 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { budget: 50.000,00 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { budget: 1,250,000.50 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS { budget: 50,5 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
printf 'key,name,start,due,budget\nA,A,31.12.2026,12/31/2026,100k USD\nB,B,05/06/2026,2026.12.31,1.25M USD\nC,C,2026-01-05,2026-02-31,1.250.000 USD\n' > i.csv; $REMIT run pre --store i.db --on 2026-06-30; $REMIT import initiative i.csv --store i.db --on 2026-06-30
printf 'import initiative from "j.csv" { key: column "key"  start: column "start" as "%%d/%%m/%%Y"  due: column "due" as "%%d %%B %%Y", "%%d.%%m.%%y"  budget: 1 USD }\n' > j.remit; printf 'key,start,due\nA,31/02/2026,31.02.26\nB,12/31/2026,30 February 2026\nC,00/02/2026,1.13.26\n' > j.csv; $REMIT run j.remit --store i.db --on 2026-06-30
