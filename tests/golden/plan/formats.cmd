# For programs, and for the comment of a pull request.
mkdir p; cp office.remit rules.remit p; $REMIT apply p --on 2026-04-15 --store s.db --yes --quiet --concise >/dev/null; $REMIT run load.remit --on 2026-04-15 --store s.db; $REMIT check --on 2026-04-15 --store s.db --quiet >/dev/null
sed -i 's/110%/105%/; s/shall exists statuses/should exists statuses/; s/visits: int default 0/visits: int default 0\n  opened: date?/; /note: text/d' p/rules.remit; sed -i 's/Tram line 4/Tram line `4`/' p/office.remit; $REMIT plan p --on 2026-04-15 --store s.db --format markdown
remit plan p --on 2026-04-15 --store s.db --format json
$REMIT plan p --on 2026-04-15 --store s.db --format json | python3 -c 'import json, sys; plan = json.load(sys.stdin); print(sorted(plan))'
remit plan p --on 2026-04-15 --store s.db --format csv
remit plan p --on 2026-04-15 --store s.db --concise --format markdown
