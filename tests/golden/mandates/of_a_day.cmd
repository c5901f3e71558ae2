# What is required every day is asked of by the day; of a week, by a day in it.
remit run daily.remit --store 1.db --on 2026-04-02
remit why logged --for B --in 2026-03-31 --store 1.db --on 2026-04-02 --engine sql
$REMIT why logged --for B --in 2026-03-31 --store 1.db --on 2026-04-02 --engine sql | cmp - <($REMIT why logged --for B --in 2026-03-31 --store 1.db --on 2026-04-02 --engine interpreter)
remit why weekly --for B --in 2026-03-31 --store 1.db --on 2026-04-02
remit why logged --for B --in 2026-W14 --store 1.db --on 2026-04-02
remit why logged --for B --in B.due --store 1.db --on 2026-04-02
remit why logged --for B --in 31 --store 1.db --on 2026-04-02
remit test daily.remit --coverage none --engine sql
$REMIT test daily.remit --coverage none --engine sql | cmp - <($REMIT test daily.remit --coverage none --engine interpreter)
printf 'expect logged met for B' > missing.remit; $REMIT run missing.remit --store 1.db --on 2026-04-02
