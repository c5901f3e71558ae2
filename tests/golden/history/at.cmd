# A value as it was: of fields, paths, computed fields, aggregates, sets; what was not there, what is gone, what came later.
sh four_days.sh
sh both.sh query 'from initiative show key, budget, budget at 2026-01-31 as january, budget at 2026-02-28 as february, budget at 2026-01-14 as before' --on 2026-06-30
sh both.sh query 'from initiative show key, stage at 2026-01-31 as stage, office.name at 2026-01-31 as office, sponsor at 2026-01-31 as sponsor, sponsor.name at 2026-01-31 as name, (sponsor at 2026-01-31).name as "now"' --on 2026-06-30
sh both.sh query 'from initiative show key, spent at 2026-01-31 as spent, count(steps) at 2026-01-31 as steps, sum(steps.weight) at 2026-02-28 as weight, latest(costs by date).amount at 2026-02-28 as last' --on 2026-06-30
sh both.sh query 'from initiative show key, join(tags, "+") at 2026-01-31 as january, join(tags, "+") as "now", ("b" in tags) at 2026-01-31 as b' --on 2026-06-30
sh both.sh query 'from initiative show key, tier, tier at 2026-01-31 as january, "{tier at 2026-01-31}" as text, (tier is known and tier < small) at 2026-01-31 as less, rank at 2026-01-31 as rank, remark at 2026-01-31 as remark' --on 2026-06-30
sh both.sh query 'from c in cost show c.amount, c.amount at 2026-01-31 as january, c.initiative.budget at (c.date + 10 days) as budget, c.initiative.name at c.date as name' --on 2026-06-30
sh both.sh query 'from initiative where (budget at 2026-01-31) is known and budget > (budget at 2026-01-31) show key, budget - (budget at 2026-01-31) as more' --on 2026-06-30
sh both.sh query 'from initiative group by stage at 2026-01-31 as stage show stage, count() as n, sum(budget at 2026-02-28) as budget' --on 2026-06-30
sh both.sh query 'from initiative show key, (spent at 2026-01-31) at 2026-02-28 as a, (spent at 2026-02-28) at 2026-01-31 as b, count(from cost as of 2026-02-28) at 2026-01-31 as c' --on 2026-06-30
sh both.sh query 'from initiative where exists steps[(weight at 2026-01-31) is missing] show key' --on 2026-06-30
sh both.sh query 'count(initiative) at 2026-02-28' --on 2026-06-30
sh both.sh query 'METERS.budget at 2026-01-31' --on 2026-06-30
sh both.sh query 'BOATS.budget at 2026-01-31' --on 2026-06-30
sh both.sh query 'count(BOATS.costs) at 2026-01-31' --on 2026-06-30
