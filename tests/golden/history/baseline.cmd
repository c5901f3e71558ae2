# What a baseline fixed: by its name, the original and the current one; of records that hang on the one that has it.
sh four_days.sh
sh both.sh query 'from baseline show record, element, label, change.at as at, on, by' --on 2026-06-30
sh both.sh query 'from initiative show key, budget, budget at baseline "Gate 2" as "Gate 2", budget at baseline "Gate 3" as "Gate 3", budget at baseline "Gate 9" as none, budget at original baseline as original, budget at current baseline as current' --on 2026-06-30
sh both.sh query 'from initiative show key, spent at baseline "Gate 2" as spent, sum(costs.amount) at original baseline as summed, (due at original baseline) as due, count(steps) at current baseline as steps' --on 2026-06-30
sh both.sh query 'from c in cost show c.amount, c.amount at baseline "Gate 2" as amount, c.initiative.budget at baseline "Gate 2" as budget' --on 2026-06-30
sh both.sh query 'METERS.budget at original baseline' --on 2026-06-30
printf 'remit 1\nuse pmo\ndomain delivery "Delivery" {}\noffice PMO "Project office" { mandates: [delivery] }\nrule moved "Later than agreed" by PMO on delivery { for initiative where (due at baseline "Gate 2") is known when (due at baseline "Gate 2") < due raise medium "{name} was due on {due at baseline "Gate 2"}, now on {due}" }\nmandate growth "Growth since the original baseline" by PMO on delivery { for initiative where (budget at original baseline) is known shall budget <= (budget at original baseline) * 125%% }\n' > moved.remit
sh both.sh check moved.remit --on 2026-06-30 --read-only
sh both.sh why moved --policy moved.remit --for METERS --on 2026-06-30
sh both.sh why moved --policy moved.remit --for BOATS --not --on 2026-06-30
sh both.sh why growth --policy moved.remit --for METERS --on 2026-06-30
# A baseline that comes before what its script changes is of the state before, be the policy another too; one that comes after is of the state that the script leaves.
printf 'use pmo\nrule late "Late" { for initiative when due < today raise low }\nbaseline METERS "Before"\nset METERS { budget: 9M USD }\nbaseline METERS "After"\nprint "{METERS.budget at baseline "Before"}, {METERS.budget at baseline "After"}"\n' > change.remit
for engine in sql interpreter; do cp s.db $engine.db; $REMIT run change.remit --store $engine.db --engine $engine --on 2026-06-30 2>&1 | grep -v policy; $REMIT query 'METERS.budget at baseline "Before"' --store $engine.db --on 2026-06-30; done
