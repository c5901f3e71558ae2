# One list in the formats of build servers: what lint finds,
remit lint office.remit --format json --on 2026-06-30
remit lint office.remit --format sarif --rule no_grace,overlapping_thresholds
remit lint office.remit --format junit --on 2026-06-30 --all
remit lint office.remit --format github
# what a check finds, each at the head of its rule or mandate, with the record it is found of,
printf 'initiative METERS "Meters" { stage: delivery  start: 2026-01-05  due: 2026-02-28  budget: 1M USD }\nmilestone { initiative: METERS  label: "Opening"  planned: 2026-02-28  forecast: 2026-08-30 }\nwaiver { mandate: "reported"  initiative: METERS  granted_by: "PMO"  from: 2026-05-01  until: 2026-07-01  reason: "Later" }\n' > data.remit; cp office.remit policy.remit; mkdir all; mv data.remit policy.remit all; $REMIT check all --store s.db --on 2026-03-15 --format github
remit check all --store s.db --on 2026-03-15 --format sarif --quiet
remit check all --store s.db --on 2026-03-15 --format junit --quiet
remit check all --store s.db --summary --format sarif
# and what is wrong with a policy.
printf 'remit 1\nrule odd { for initiative when 1 raise low }\n' > w.remit; $REMIT check w.remit --store :memory: --format github; $REMIT query "1 + 1" --format sarif
