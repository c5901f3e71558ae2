# What becomes of the data when record types change; and of the names that things had.
mkdir p; cp office.remit rules.remit p; $REMIT apply p --on 2026-04-15 --store s.db --yes --quiet --concise >/dev/null; $REMIT run load.remit --on 2026-04-15 --store s.db; $REMIT check --on 2026-04-15 --store s.db --quiet >/dev/null
# Fields that are new, gone, renamed, of another type; values of an enum.
sed -i 's/  town: text/  city was town: text\n  since: date?\n  open: bool default true/; /note: text/d; s/visits: int default 0/visits: text?/; s/one of (small, medium, large)/one of (large, small, huge)/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
remit apply p --on 2026-04-15 --store s.db --yes --concise
remit apply p --on 2026-04-15 --store s.db --yes --concise --allow-drop site.note,site.visits
remit apply p --on 2026-04-15 --store s.db --yes --concise --allow-drop site.note,site.visits,site.size,site.town
remit apply p --on 2026-04-15 --store s.db --yes --allow-drop site.note,site.visits,site.size --message "Sites are described anew"
remit query site --on 2026-04-15 --store s.db
sqlite3 s.db 'select _id, city, size, note, "visits~4" from h_site order by 1'
remit query 'from policy_version show number, who, message' --store s.db
remit query 'from change show what' --store s.db
# A field that always has a value, and rows without one.
sed -i 's/since: date?/since: date/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db; $REMIT apply p --on 2026-04-15 --store s.db --yes
# A record type, a field, a rule and a mandate under new names: what the store keeps goes along.
sed -i 's/since: date/since: date?/; s/^record site/record place was site/; s/^rule no_sponsor/rule unsponsored was no_sponsor/; s/^mandate monthly_status/mandate reports_monthly was monthly_status/; s/  outlay =/  money_out was outlay =/; s/when outlay/when money_out/; s/{outlay}/{money_out}/; s/show key, outlay/show key, money_out/; s/expect no_sponsor/expect unsponsored/' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db
remit apply p --on 2026-04-15 --store s.db --yes --quiet --concise
remit check --on 2026-04-16 --store s.db
remit query place --on 2026-04-15 --store s.db
remit query 'from finding show rule, record, element, first_seen, cleared' --on 2026-04-15 --store s.db
remit plan p --on 2026-04-15 --store s.db --exit-code
# A record type that goes with its rows.
sed -i '/^record place/,/^}/d' p/rules.remit; $REMIT plan p --on 2026-04-15 --store s.db; $REMIT apply p --on 2026-04-15 --store s.db --yes --quiet --concise
remit apply p --on 2026-04-15 --store s.db --yes --quiet --concise --allow-drop place
sqlite3 s.db 'select count(*) from t_place' 'select count(*) from h_place'
