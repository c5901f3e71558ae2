# The store as it was: queries as of a day, nested and grouped ones, reports.
sh four_days.sh
sh both.sh query 'from initiative show key, office, sponsor, stage, budget, tier, spent as of 2026-01-31' --on 2026-06-30
sh both.sh query 'from initiative show key, office, sponsor, stage, budget, tier, rank as of 2026-02-28' --on 2026-06-30
sh both.sh query 'from initiative show key, office, sponsor, stage, budget, tier, rank, remark' --on 2026-06-30
sh both.sh query 'from initiative as of 2026-01-14' --on 2026-06-30
sh both.sh query 'from step show initiative, name_of, weight as of today - 120 days' --on 2026-06-30
sh both.sh query 'from o in office show o.key, count(o.initiatives) as n, sum(o.initiatives.spent) as spent as of 2026-02-28' --on 2026-06-30
sh both.sh query 'from initiative group by office show count() as n, sum(budget) as budget sort by n desc total n as of 2026-02-28' --on 2026-06-30
sh both.sh query 'from i in initiative show i.key, count(from s in step where s.initiative = i as of 2026-01-31) as "then", count(i.steps) as "now"' --on 2026-06-30
sh both.sh query 'from (from initiative show key as k, budget as b as of 2026-01-31) where b > 1M USD' --on 2026-06-30
sh both.sh query 'from (from initiative show key as k as of 2026-01-31), i in initiative where i.key = k show k, i.budget' --on 2026-06-30
sh both.sh query 'from initiative show key, join(tags, "+") as tags sort by key desc take 1 as of 2026-01-31' --on 2026-06-30
printf 'use pmo\nreport as_it_was(day: date = 2026-01-31) "As it was" { from initiative show key as k, budget as of day }\nrun as_it_was\nrun as_it_was(2026-02-28)\nfrom as_it_was(day: 2026-03-31) where k != "BOATS"\n' > was.remit; sh both.sh run was.remit --on 2026-06-30 --read-only
