# What people write and what is meant: the mend stands in the message, and there is one message. Each in a file of its own.
printf 'use pmo\ndomain delivery "Delivery" {}\noffice PMO "Project office" {}\ninitiative METERS "Smart meters" { start: 2026-01-05 due: 2026-06-01 budget: 100k USD }\n' > pre
(cat pre; echo 'from initiative show name budget') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative show name, due sort by due descending') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative show name, due sort by due ascending') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'count initiative') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'print count initiative') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative group by stage show stage, sum budget') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'list initiative') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative i where budget > 1 USD') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due < today days') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where today days - due > 30 days') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where spent > budget + 10%') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where spent < budget - 2.5%') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where spent > 110 percent of budget') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule a "A" { for initiative when spent > 110 percent of budget raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where spent > 110% of budget') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where budget > 1 million USD') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule a "A" { for initiative when budget > 2.5 billion USD raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due > 30 June 2026') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due > June 30, 2026') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'add initiative B { start: 1 Jan 2026 due: 2026-12-31 budget: 1 USD }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where stage = delivery or closing') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where stage = idea or delivery or closing') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where stage != delivery and closing') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where name = "Smart" or "Pumps"') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where stage = delivery or overdu') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where spent is greater than budget') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule a "A" { for initiative when spent is less than budget raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due between 2026-01-01 and 2026-06-30') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where name like "S%"') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where name = Smart meters') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where name = Smart') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule a "A" { for initiative when name = Smart meters raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'add person P { email: ada lovelace }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where sponsor = none') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where sponsor != null') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule a "A" { for each initiative when due < today raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule a "A" { for all initiative when due < today raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule late Late projects { for initiative when due < today raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule late "Late" { for initiative when due < today raise high Late and costly because "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule late "Late" { for initiative when due < today raise high "x" because Finance Manual }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule "Late projects" { for initiative when due < today raise high "x" }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due < today()') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due < today & stage = delivery') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'from initiative where due < today | stage = delivery') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS stage = closing') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set METERS.stage = closing') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'set initiative METERS { stage: closing }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'remove initiative where stage = idea') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'remove initiative "METERS"') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'if count(initiative) > 0 then print "x"') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'record r "R" { x: text optional }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'record r "R" { x: text required y: int }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'holiday 2026-12-25 "Christmas"') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'add cost METERS { date: 2026-01-01 amount: 1k USD category: labour }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'office CMO "Change office" { mandates: delivery }') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'rule late "Late" { for initiative raise high "x" } expect late raised for initiative["METERS"]') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'baseline PRJ-001') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'frm initiative') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'frm initiative where budget > 1 USD') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
(cat pre; echo 'prnt 1') > a.remit; $REMIT run a.remit --store :memory: --on 2026-06-30
echo 'from initiative show name' > policy.remit; $REMIT check policy.remit --store :memory:
