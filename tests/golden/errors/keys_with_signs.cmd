# Keys that are not plain names, keys that there are not, fields that there are not.
printf 'use pmo\ndomain delivery "Delivery" {}\ndomain reporting "Reporting" { parent: delivery }\noffice PMO "Project office" { mandates: [delivery] }\ninitiative METERS "Smart meters" { start: 2026-01-05 due: 2026-06-01 budget: 100k USD }\ninitiative "P-001" "Pumps" { start: 2026-01-05 due: 2026-06-01 budget: 100k USD }\n' > pre
(cat pre; echo 'add cost { initiative: "P-001" date: 2026-01-01 amount: 1 USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'add cost { initiative: P-001 date: 2026-01-01 amount: 1 USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from cost where initiative = P-001') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'office X "X" { mandates: [delivery-1] }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set P-001 { stage: closing }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'remove P-001') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set waiver-1 { until: 2026-01-01 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set waiver[initiative = initiative["METERS"]] { until: 2026-04-01 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from cost where initiative = initiative["P-001"]') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'waiver W { mandate: "m" initiative: METERS granted_by: PMO reason: "x" until: 2026-03-01 }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'cost { initiative: Z date: 2026-01-01 amount: 1 USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'cost { initiative: "Smart meters" date: 2026-01-01 amount: 1 USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule r "R" by "Project office" on delivery { for initiative when start > due raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule r "R" by PMO on execution { for initiative when start > due raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'body B "B" { members: [ANNA] }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'person P "P" { department: "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'initiative X { regulator: "x" start: 2026-01-05 due: 2026-06-01 budget: 100k USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where regulator = 5') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from finding where regulator = 5') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
$REMIT run pre --store s.db; printf 'use pmo\ncost { initiative: "Smart meters" date: 2026-01-01 amount: 1 USD category: labour }\n' > a.remit; $REMIT check a.remit --store s.db --on 2026-06-30
mkdir policy; cp pre policy/offices.remit; printf 'rule r "R" by PMO on delivery { for initiative when start > due raise high "x" }\n' > policy/rules.remit; $REMIT check policy/rules.remit --store :memory: --on 2026-06-30
