# What the store keeps of a finding: not yet, since when, found by another text of the rule, cleared.
printf 'record task "Task" { n: int }\nrule big "Big" { for task when n > 5 raise high "{key}" }\n' > p.remit; printf 'add task A { n: 9 }\n' > t.remit; $REMIT run p.remit --store s.db --on 2026-06-01; $REMIT run t.remit --store s.db --on 2026-06-01
$REMIT why big --for A --store s.db --on 2026-06-01 | grep since
$REMIT check --store s.db --on 2026-06-02 --fail-on critical 2>&1 | tail -1
$REMIT why big --for A --store s.db --on 2026-06-10 | grep since
printf 'set A { n: 3 }\n' > set.remit; $REMIT run set.remit --store s.db --on 2026-06-11; $REMIT why not big --for A --store s.db --on 2026-06-11 | grep -E 'since|cleared'
$REMIT check --store s.db --on 2026-06-12 2>&1 | tail -1; $REMIT why not big --for A --store s.db --on 2026-06-13 | grep -E 'since|cleared'
printf 'set A { n: 8 }\n' > set.remit; $REMIT run set.remit --store s.db --on 2026-06-14; $REMIT why big --for A --store s.db --on 2026-06-14 | grep since
$REMIT check --store s.db --on 2026-06-15 --fail-on critical 2>&1 | tail -1; sed -i 's/n > 5/n > 4/' p.remit; $REMIT run p.remit --store s.db --on 2026-06-16; $REMIT why big --for A --store s.db --on 2026-06-16 | grep since
