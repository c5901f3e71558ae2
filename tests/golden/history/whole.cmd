# Whole runs as of a day: they see everything as it was, and write nothing.
sh four_days.sh
printf 'from initiative show key, office, sponsor, budget\nprint "{METERS.budget}, {count(cost)} costs, {count(change)} changes"\nfrom history(METERS.budget)\nfrom baseline show label\n' > look.remit
sh both.sh run look.remit --as-of 2026-01-31 --on 2026-06-30
sh both.sh run look.remit --as-of 2026-02-28 --on 2026-06-30
sh both.sh query 'from initiative show key, budget at 2026-12-31 as later, tier, today as "today"' --as-of 2026-01-31 --on 2026-06-30
sh both.sh query 'BOATS.budget' --as-of 2026-01-31 --on 2026-06-30
sh both.sh query 'TRAMS.budget' --as-of 2026-01-31 --on 2026-06-30
sh both.sh query 'TRAMS.budget' --on 2026-06-30
printf 'remit 1\nuse pmo\ndomain delivery "Delivery" {}\noffice PMO "Project office" { mandates: [delivery] }\nrule dear "Dear" by PMO on delivery { for initiative when budget > 2.2M USD raise high "{name} costs {budget}" }\nmandate sponsored "A sponsor" by PMO on delivery { for initiative shall sponsor is known }\nreport all_of_it "All" { from initiative show name, budget }\n' > dear.remit
sh both.sh check dear.remit --as-of 2026-01-31 --on 2026-06-30
sh both.sh check dear.remit --as-of 2026-02-28 --on 2026-06-30
sh both.sh why dear --policy dear.remit --for METERS --as-of 2026-02-28 --on 2026-06-30
sh both.sh why dear --policy dear.remit --for METERS --as-of 2026-01-31 --on 2026-06-30 --not
sh both.sh why dear --policy dear.remit --for BOATS --as-of 2026-01-31 --on 2026-06-30
sh both.sh report all_of_it --policy dear.remit --as-of 2026-02-28 --on 2026-06-30
printf 'set METERS { budget: 1 USD }\n' > change.remit; sh both.sh run change.remit --as-of 2026-02-28 --on 2026-06-30
$REMIT query 1 --store s.db --as-of yesterday
$REMIT query 1 --store :memory: --as-of 2026-01-31
$REMIT query 'from initiative show key' --store none.db --as-of 2026-01-31
