# What asks nothing of records is worked out beside the store, whatever is in it; working days pass over the holidays that are.
printf 'add holiday { date: 2026-06-03 }\nadd office PMO { name: "Project office" }\n' > add.remit; $REMIT run add.remit --store s.db --on 2026-06-01
$REMIT query '1 + 1' --store s.db; $REMIT query '2026-06-02 + 2 working days' --store s.db; $REMIT query 'working_days(2026-06-01, 2026-06-05)' --store s.db --engine sql
$REMIT query '"the {office["PMO"].name} has {count(office)} sibling"' --store s.db; $REMIT query 'PMO.name' --store s.db
printf 'record r "R" { x: int }\noffice Q "Queue" {}\n' > p.remit; $REMIT query '1 + 1' --policy p.remit --store s.db; $REMIT query 'count(r)' --policy p.remit --store s.db
mkdir -p none; cd none; $REMIT query '2 * 3'; $REMIT query '2026-06-02 + 2 working days'; $REMIT query 'count(office) + sum([1, 2])' --engine sql; $REMIT query 'sum([1, 2])'; ls
