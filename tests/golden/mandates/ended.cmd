# An office that is no more, or not there yet, makes its mandates silent: who checks hears of it, and so does who asks about the office or the mandate.
remit check --policy ended.remit --store 1.db --on 2025-12-31 > 1.txt
remit check --policy ended.remit --store 1.db --on 2026-06-30
printf 'check m, coming' > named.remit; $REMIT run named.remit --store 1.db --on 2026-06-30
$REMIT check --policy ended.remit --store 1.db --on 2026-06-30 --quiet 2>&1 | grep force
remit describe PMO --store 1.db --on 2026-06-30
remit describe NEW --store 1.db --on 2026-06-30
remit describe TMO --store 1.db --on 2026-06-30
remit why m --for A --store 1.db --on 2026-06-30 --engine sql
$REMIT why m --for A --store 1.db --on 2026-06-30 --engine sql | cmp - <($REMIT why m --for A --store 1.db --on 2026-06-30 --engine interpreter)
remit why t --for A --store 1.db --on 2026-06-30
remit why coming --for A --store 1.db --on 2026-06-30
remit why weekly --for A --in 2025-W50 --store 1.db --on 2026-06-30
