# A check finds what got past a gate by another way: by SQL, or before the gate was there; and not what passed it rightly, even if what it required is gone.
printf 'remit 1\nuse pmo\n' > before.remit; printf 'add initiative OLD "Old" { stage: closing start: 2026-01-05 due: 2027-06-30 budget: 2M USD }\nadd initiative SQL "By SQL" { start: 2026-01-05 due: 2027-06-30 budget: 2M USD }\nadd initiative GOOD "Good" { start: 2026-01-05 due: 2027-06-30 budget: 2M USD }\n' > add.remit; $REMIT run before.remit add.remit --store s.db --on 2026-02-01
$REMIT check gates.remit --store s.db --on 2026-02-02
printf 'add approval { initiative: GOOD body: BOARD kind: "Gate 2" outcome: approved date: 2026-02-03 }\nset GOOD { stage: delivery }\nremove approval\n' > good.remit; $REMIT run good.remit --store s.db --on 2026-02-03
sqlite3 s.db "update t_initiative set stage = 3 where _key = 'SQL'"; $REMIT check --store s.db --on 2026-02-04; $REMIT check --store s.db --on 2026-02-04 --engine sql --format csv
# another text of the gate is another gate
sed 's/budget > 1M USD/budget > 900k USD/' gates.remit > later.remit; $REMIT check later.remit --store s.db --on 2026-02-05 2>/dev/null | head -n 6
