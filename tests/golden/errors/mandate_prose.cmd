# What people write in mandates and what is meant: one message, with the mend in it.
printf 'use pmo\ndomain delivery "Delivery" {}\noffice PMO "Project office" { mandates: [delivery] }\nperson ANNA "Anna" {}\nbody BOARD "Board" { members: [ANNA] }\ninitiative METERS "Smart meters" { start: 2026-01-05 due: 2026-06-01 budget: 100k USD }\n' > pre
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative must start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative requires start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative monthly from start shall exists statuses[reported_on in period] }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative each month from start shall start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative quarterly shall start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative every month from start shall exists statuses in period }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known within 5 workdays }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known within 5 business days }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known within five working days }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known within two weeks }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known escalate to BOARD after two breaches }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known waivable by the board }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known waivable by Investment Board up to 90 days }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known escalate to the board }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by the PMO on delivery { for initiative shall start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known waivable by BOARD until 90 days }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known escalated_to BOARD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known except when budget < 50k USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known except if budget < 50k USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known except "small" if budget < 50k USD shall due is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative before stage = delivery shall start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative before stage is delivery shall start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative before delivery shall start is known }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'mandate m "M" by PMO on delivery { for initiative shall start is known effective 2026-01-01 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'report r "R" { from initiative where due < start monthly }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule r "R" { for initiative when due < start except when budget < 1k USD raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
