# A store of four days: what was, what changed, what went, what the policy changed.
for day in 1 2 3 4; do
  $REMIT run day$day.remit --store s.db --on 2026-0$day-15 --who officer-$day || exit 1
done
