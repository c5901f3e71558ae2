# Commands as other languages have them; each in a file of its own.
printf 'use pmo\ninitiative A "Alpha" { start: 2026-01-01 due: 2026-12-31 budget: 100 USD }\n' > pre
(cat pre; echo 'set A.budget = 5 USD') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'set A budget: 5 USD') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'set A { budgt: 5 USD }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'set B { budget: 5 USD }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'set initiative where stage = idea { stage: closed }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'remove initiative A') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'delete A') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'update A { budget: 5 USD }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'add initiative C { start: 2026-01-01 }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'add cost { initiative: A date: 2026-02-30 amount: 5 USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'add cost { initiative: A date: 2026-02-20 amount: 5 EUR category: labour }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'add cost { initiative: Z date: 2026-02-20 amount: 5 USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'print A.budgte') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'print "Total: " + sum(initiative.budget)') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'print sum(initiative.budget where stage = idea)') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative select name') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative show name order by budget') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative show name sort budget') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative show name limit 5') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative where name show count') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative group stage show stage, count') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative group by stage show name, count()') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative group by stage show stage, sum(budget) having sum(budget) > 5 USD') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'from initiative show name sort by budgett') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'for each i in initiative print i.name') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'if count(initiative) > 0 print "x"') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'let x 5') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'run nothing') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'import cost "x.csv" { date: column "D" }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'import cost from x.csv { date: column "D" }') > a.remit; $REMIT run a.remit --store :memory: 2>&1
(cat pre; echo 'export pmo_portfolio "x.csv"') > a.remit; $REMIT run a.remit --store :memory: 2>&1
