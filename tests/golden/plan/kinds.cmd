# Every kind of change, each from the same start, with what comes of it.
mkdir p; cp office.remit rules.remit p; $REMIT plan p --on 2026-04-15 --store s.db; ls *.db
remit apply p --on 2026-04-15 --store s.db --yes --quiet --message "The first" --concise
$REMIT run load.remit --on 2026-04-15 --store s.db && $REMIT check --on 2026-04-15 --store s.db --quiet >/dev/null
remit plan p --on 2026-04-15 --store s.db --exit-code
# A threshold, and a title. The store's file stays as it is, to the byte.
sha256sum s.db > before; sed -i 's/110%/120%/; s/"Nobody answers for it"/"Without a sponsor"/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db --exit-code; echo $?; sha256sum -c before
remit plan p --on 2026-04-15 --store s.db --engine sql --concise
# A number written in another way, other lines, another order, comments and documentation: nothing.
cp rules.remit p; sed -i 's/110%/1.1/; s/^remit 1/remit 1  # the version/; s/100k USD/100_000 USD/; s/^rule no_sponsor/## Who is asked?\nrule no_sponsor/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db --exit-code
# A derived field, and what rests on it.
cp rules.remit p; sed -i 's/outlay = sum(costs.amount)/outlay = sum(costs.amount) - 100k USD/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
# A mandate that is loosened in every way.
cp rules.remit p; sed -i 's/shall exists statuses/should exists statuses/; s/within 5 working/within 8 working/; s/budget < 100k/budget < 500k/; s/BOARD up to 90 days/BOARD, CFO up to 6 months/; s/after 2 breaches/after 3 breaches/; s/every month from start until 2026-03-31/every quarter from start until 2026-02-28/; s/where stage = delivery$/where stage = delivery and budget > 200k USD/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
# One that is tightened.
cp rules.remit p; sed -i 's/within 5 working/within 2 working/; s/budget < 100k/budget < 50k/; s/  waivable by BOARD up to 90 days/  waivable by BOARD up to 30 days/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db --exit-code; echo $?
# One whose text leaves it open: the data decide.
cp rules.remit p; sed -i 's/exists statuses\[reported_on in period\]/exists statuses[month(reported_on) = period or rag = green]/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
# A gate.
cp rules.remit p; sed -i 's/budget > 1M USD/budget > 10M USD/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
# Rules, mandates, reports and tests that go and come.
cp rules.remit p; sed -i '/^rule no_sponsor/,/^}/d; /^mandate monthly_status/,/^}/d; /^report/,/^}/d; /^test/,/^}/d' p/rules.remit; echo 'rule small "Small" { for site where size = small raise info }  report sites "Sites" { from site show key }' >> p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
# Records that the policy declares, and drift.
cp rules.remit p; cp office.remit p; sed -i 's/budget: 1.2M USD/budget: 1.5M USD/; /^person CFO/d; s/members: \[COO, CFO\]/members: [COO]/; s/  sponsor: CFO/  sponsor: COO/' p/office.remit; echo 'person CIO "Chief Information Officer" {}' >> p/office.remit; echo 'set METERS { due: 2027-01-31 } set PUMPS { budget: 450k USD }' | $REMIT run - --on 2026-04-15 --store s.db; $REMIT plan p --on 2026-04-15 --store s.db
cp office.remit p; $REMIT plan p --on 2026-04-15 --store s.db --exit-code
