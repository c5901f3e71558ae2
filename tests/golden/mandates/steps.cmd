# Periods of several weeks or quarters follow one another from the day of `from`: from when a mandate is in force selects among them, and moves none.
printf 'check\nfrom obligation show mandate, element, period, state sort by mandate, element, period' > show.remit; $REMIT run steps.remit show.remit --store 1.db --on 2026-02-12 --engine sql
$REMIT run steps.remit show.remit --quiet --store 2.db --on 2026-02-12 --engine interpreter > 2.txt; $REMIT run steps.remit show.remit --quiet --store 3.db --on 2026-02-12 --engine sql | cmp - 2.txt
printf 'check halves\nfrom obligation where mandate = "halves" show element, period, state sort by element, period' > halves.remit; $REMIT run steps.remit halves.remit --store 1.db --on 2026-12-31
sed 's/2026-01-26/2026-02-02/' steps.remit > moved.remit; $REMIT run moved.remit show.remit --store 2.db --on 2026-02-12 --quiet | grep later
