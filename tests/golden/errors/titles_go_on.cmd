# A title without its closing quote, or with curly ones, before a brace: the brace is none of a value's.
printf 'use pmo\ndomain delivery "Delivery" {}\noffice PMO "Project office" { mandates: [delivery] }\n' > pre
(cat pre; printf 'mandate m "Weekly status by PMO on delivery {\n  for initiative\n  shall start is known\n}\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'rule r "Late { for initiative when due < start raise high "x" }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'record supplier "Supplier { code: text  key code }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'initiative X "Smart { start: 2026-01-05 due: 2026-06-01 budget: 1 USD }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'rule r "Spending of {name}" { for initiative when due < start raise high "x" }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'mandate m "M” by PMO on delivery { for initiative shall start is known }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'mandate m “M” by PMO on delivery { for initiative shall start is known }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'mandate m „M“ by PMO on delivery { for initiative shall start is known }\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; printf 'person P "Ann” { email: "x" }\nperson Q "Ben” {}\n') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
