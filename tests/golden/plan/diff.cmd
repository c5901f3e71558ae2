# Two folders on the store's data; nothing of the store or of the folders changes.
mkdir a b; cp office.remit rules.remit a; cp office.remit rules.remit b; $REMIT apply a --on 2026-04-15 --store s.db --yes --quiet --concise >/dev/null; $REMIT run load.remit --on 2026-04-15 --store s.db; sha256sum s.db > before
remit diff a b --on 2026-04-15 --store s.db --exit-code
sed -i 's/110%/150%/; s/when sponsor is missing/when sponsor is missing or budget > 5M USD/; s/budget < 100k/budget < 50k/; s/exists statuses\[reported_on in period\]/exists statuses[rag = green and reported_on in period]/' b/rules.remit; $REMIT diff a b --on 2026-04-15 --store s.db --exit-code; echo $?
remit diff b a --on 2026-04-15 --store s.db --concise
remit diff a b --on 2026-04-15 --store s.db --concise --format markdown
# Neither is the store's own.
sed -i 's/town: text/city was town: text/; /note: text/d' b/rules.remit; cp b/rules.remit c.remit; $REMIT diff b a --on 2026-04-15 --store s.db --concise; $REMIT diff a b --on 2026-04-15 --store s.db --concise
sha256sum -c before
# On no data.
remit diff a b --on 2026-04-15 --store none.db --concise
ls none.db
# Different: some appear, others go.
cp a/* b; sed -i 's/  when sponsor is missing/  when sponsor is known/' b/rules.remit; $REMIT diff a b --on 2026-04-15 --store s.db
