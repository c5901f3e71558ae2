# The values that a field had.
sh four_days.sh
sh both.sh query 'from history(METERS.budget)' --on 2026-06-30
sh both.sh query 'from history(METERS.sponsor)' --on 2026-06-30
sh both.sh query 'from history(METERS.tier)' --on 2026-06-30
sh both.sh query 'from i in initiative, h in history(i.stage) show i.key, h.value, h.from, h.until, h.by' --on 2026-06-30
sh both.sh query 'from initiative show key, count(history(budget)) as n, latest(history(budget) by from).by as who, max(history(budget).value) as most, exists history(stage)[value = planning] as planned, longest_gap(history(budget) by from) as gap' --on 2026-06-30
sh both.sh query 'from s in step, h in history(s.weight) show s.name_of, h.value, h.from, h.until' --on 2026-06-30
sh both.sh query 'from h in history(METERS.budget) where h.until is missing or h.until >= 2026-03-01 show h.value, h.from' --on 2026-06-30
sh both.sh query 'from history(METERS.office.name)' --on 2026-06-30
sh both.sh query 'from history(METERS.office.head)' --on 2026-06-30
sh both.sh query 'from i in initiative, h in history(i.budget) show i.key, h.value, h.until as of 2026-02-28' --on 2026-06-30
sh both.sh query 'from initiative show key, count(history(budget)) at 2026-02-28 as n' --on 2026-06-30
