# A store that the first version made, before mandates had a meaning: a later one takes it on, with all that it holds.
sqlite3 s.db < first_version.sql; printf 'use pmo\ndomain delivery "Delivery" {}\noffice PMO "Project Management Office" { mandates: [delivery] }\nmandate monthly "Monthly" by PMO on delivery { for initiative every month from start shall exists statuses[reported_on in period] waivable by PMO up to 90 days }\nrule dear "Dear" by PMO on delivery { for initiative when spent > budget raise high "{key} spent {spent}" }\n' > policy.remit
$REMIT query 'from finding show rule, element, first_seen, message' --store s.db --read-only
$REMIT check policy.remit --store s.db --on 2026-03-05
$REMIT query 'from waiver show mandate, initiative, until' --store s.db
$REMIT query 'from obligation show mandate, element, period, state sort by period' --store s.db
for engine in sql interpreter; do $REMIT why monthly --for METERS --store s.db --on 2026-03-05 --format json --engine $engine > $engine.json; done; cmp sql.json interpreter.json && grep -c . sql.json
sqlite3 s.db 'pragma integrity_check' 'pragma foreign_key_check' 'select mandate, initiative, "until" from waiver' 'select state, count(*) from obligation group by 1'
