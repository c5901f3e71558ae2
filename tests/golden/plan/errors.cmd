# What can go wrong with renames, plans, and what is applied.
mkdir p; cp office.remit rules.remit p; $REMIT apply p --on 2026-04-15 --store s.db --concise </dev/null
remit apply p --on 2026-04-15 --store s.db --yes --quiet --concise
sed 's/town: text/city was town: text\n  town: text?/; s/^rule no_sponsor/rule unsponsored was overspend/' rules.remit > x.remit; cat office.remit >> x.remit; $REMIT plan x.remit --on 2026-04-15 --store s.db
sed 's/town: text/city was place: text\n  town was place: text?/' rules.remit > x.remit; cat office.remit >> x.remit; $REMIT plan x.remit --on 2026-04-15 --store s.db
sed -i '/^mandate monthly_status/,/^}/d' p/rules.remit; $REMIT apply p --on 2026-04-15 --store s.db --yes --concise --quiet
remit apply p --on 2026-04-15 --store s.db --yes --concise --quiet --as CMO
remit apply p --on 2026-04-15 --store s.db --yes --concise --quiet --as PMO,CMO
remit apply p --on 2026-04-15 --store s.db --yes --concise --quiet --as PMO --allow-drop site.twon
remit apply p --on 2026-04-15 --store s.db --yes --concise --quiet --as PMO
remit query 'from change show what' --store s.db
# A record that the policy declares does not get past a gate.
sed -i 's/  stage: planning/  stage: delivery/' p/office.remit; $REMIT plan p --on 2026-04-15 --store s.db; $REMIT apply p --on 2026-04-15 --store s.db --yes --concise --quiet
remit query 'from decision show gate, element, outcome' --store s.db
remit plan p q
remit diff p
remit diff p nothing --store s.db
remit diff p HEAD:nothing --store s.db
remit diff p --store s.db -- --version
remit plan nothing --store s.db
remit plan p --yes
remit apply p --exit-code
remit explain R0642
