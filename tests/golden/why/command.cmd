# The command: as text, Markdown and JSON, on either engine; its exit status is 0 when it was answered.
printf 'use pmo\ninitiative M "Meters <1>" { stage: delivery  start: 2026-01-05  due: 2026-06-01  budget: 100 USD }\nextend initiative { notes: text default "a|b" }\nrule dear "Dear" { for initiative where stage = delivery when spent > budget * 110%% and notes != "x" raise high }\n' > p.remit; $REMIT run p.remit --store s.db --on 2026-06-30
printf 'add cost { initiative: M  date: 2026-02-01  amount: 90 USD  category: labour }\nadd cost { initiative: M  date: 2026-02-02  amount: 15 USD  category: labour }\n' > c.remit; $REMIT run c.remit --store s.db --on 2026-06-30
$REMIT why dear --for M --not --store s.db --on 2026-06-30
$REMIT why not dear --for M --store s.db --on 2026-06-30 --format markdown
$REMIT why dear --for M --store s.db --on 2026-06-30 --format json
for engine in sql interpreter; do $REMIT why dear --for M --store s.db --on 2026-06-30 --format json --engine $engine > $engine.json; done; cmp sql.json interpreter.json && echo the same
$REMIT why dear --for M --policy p.remit --store :memory: | head -1
$REMIT why dear --store s.db
$REMIT why --for M --store s.db
$REMIT why dear dear --for M --store s.db
$REMIT why deer --for M --store s.db
$REMIT why dear --for N --store s.db
$REMIT why dear --for M --format csv --store s.db
$REMIT why dear --for M --in 2026-01 --store s.db
# Of very many parts not all are shown; what was worked out counts all the same.
printf 'record task "Task" { n: int }\ntask A { n: 60 }\nrule long { for task when %s raise low "" }\n' "$(seq -s ' and ' -f 'n > %g' 1 130)" > p.remit; $REMIT why long --for A --policy p.remit --store :memory: | tail -8
# Of a mandate one period may be named; the others stand in a table.
printf 'use pmo\noffice PMO "P" { mandates: [delivery] }\ndomain delivery "D" {}\nbody BOARD "B" {}\ninitiative M "Meters" { stage: delivery  start: 2026-05-05  due: 2026-12-01  budget: 100 USD }\nmandate told "Told" by PMO on delivery { for initiative every month from start shall exists statuses[reported_on in period] waivable by BOARD }\nrule dear "Dear" { for initiative when spent > budget raise high }\n' > m.remit; $REMIT check m.remit --store m.db --on 2026-07-30 --quiet > /dev/null
$REMIT why told --for M --in 2026-05 --store m.db --on 2026-07-30
$REMIT why told --for M --in 2026-08 --not --store m.db --on 2026-07-30 --format markdown
for engine in sql interpreter; do $REMIT why told --for M --store m.db --on 2026-07-30 --format json --engine $engine > $engine.json; done; cmp sql.json interpreter.json && cat sql.json
$REMIT why told --for M --in 2026-W99 --store m.db
$REMIT why told --for N --store m.db
$REMIT why dear --for M --in 2026-05 --store m.db
$REMIT why told_ --for M --store m.db
$REMIT why told --for M --in 2026-W27 --store m.db --on 2026-07-30
$REMIT why told --for M --in 2026-W20 --store m.db --on 2026-07-30 | head -1
# Where it does not say from when, the account does.
printf 'mandate counted "From the first check on" by PMO on delivery { for initiative every quarter shall exists statuses[reported_on in period] }\nwhy counted for M\nwhy counted for M in 2026-01\nexpect counted breached for M in 2026-01\n' > n.remit; $REMIT run n.remit --policy m.remit --store :memory: --on 2026-07-30
