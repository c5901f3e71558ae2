# The check of a past day once more: on its data, under its policy or another, beside what was kept then.
$REMIT check p.remit --store s.db --on 2026-02-02 | tail -n 3; printf 'add cost { initiative: A date: 2026-02-10 amount: 105 USD category: labour }\nadd status { initiative: A reported_on: 2026-02-20 rag: green summary: "Late" }\n' > c.remit; $REMIT run c.remit --store s.db --on 2026-02-20; $REMIT check --store s.db --on 2026-03-02 | tail -n 1; sed -i 's/spent > budget/spent > budget * 110%/' p.remit; $REMIT check p.remit --store s.db --on 2026-03-10 | tail -n 1; printf 'set A { budget: 50 USD }\n' > c.remit; $REMIT run c.remit --store s.db --on 2026-03-20; $REMIT log --policy --store s.db | grep -c '^version'
$REMIT replay 2026-02-02 --store s.db
$REMIT replay 2026-03-02 --store s.db
# Under the policy of later the cost is not dear on that day; today's data do not matter.
$REMIT replay 2026-03-02 --policy 2 --store s.db
$REMIT replay 2026-03-02 --policy p.remit --store s.db --format json
for engine in sql interpreter; do $REMIT replay 2026-03-02 --policy p.remit --store s.db --format csv --engine $engine > $engine.csv; done; cmp sql.csv interpreter.csv && echo the same
# What was changed before the next check: the day's end differs from what its check saw.
$REMIT replay 2026-03-20 --store s.db --format csv --quiet
$REMIT replay 2025-12-31 --store s.db
$REMIT replay 2026-03-02 --policy 9 --store s.db
$REMIT replay 2026-03-02 --policy none.remit --store s.db
$REMIT replay --store s.db
$REMIT replay yesterday --store s.db
$REMIT replay 2026-03-02 --store none.db
