# From nothing to the first check, and what is said to whoever takes the steps in another order.
mkdir policy; printf 'remit 1\nuse pmo\ndomain delivery "Delivery" {}\noffice PMO "Project office" { mandates: [delivery] }\nbody BOARD "Board" {}\nbody AUDIT "Audit" {}\n' > policy/offices.remit; printf 'rule late "Late" by PMO on delivery { for initiative when due < today raise high "{name} was due on {due}" }\nreport running "Running" { from initiative where stage < closed show name, due }\n' > policy/rules.remit
remit check policy --store pmo.db --on 2026-06-30
remit check --store pmo.db
remit report running --store pmo.db
remit report running
remit describe initiative.spent
remit describe pmo_silent
remit query "from initiative where overdue show name, due"
remit check policy --store :memory: --on 2026-06-30
remit run policy --store pmo.db --on 2026-06-30
remit run policy --store pmo.db --on 2026-06-30 --quiet
printf 'use pmo\nadd initiative METERS "Smart meters" { start: 2026-01-05  due: 2026-06-01  budget: 100k USD }\n' > load.remit; $REMIT run load.remit --store pmo.db --on 2026-06-30
remit check --store pmo.db --on 2026-06-30
remit why late --for METERS --store pmo.db --on 2026-06-30
remit report running --store pmo.db
printf 'report finished "Finished" { from initiative where stage = closed show name }\n' > policy/more.remit; $REMIT report finished --store pmo.db; $REMIT report finished --store pmo.db --policy policy; $REMIT why lateness --for METERS --store pmo.db; $REMIT describe finished --store pmo.db
for word in mandate shall waivable every gate column; do $REMIT describe $word --store pmo.db; done
remit help mandate
remit help chekc
$REMIT < /dev/null; ls remit.db
