# A day of `by` that may be missing is known in what is required and excepted: where it is missing, nothing is.
remit check --policy by_optional.remit --store 1.db --on 2026-06-30 --engine sql
$REMIT check --policy by_optional.remit --store 1.db --on 2026-06-30 --quiet --engine interpreter > 2.txt; $REMIT check --policy by_optional.remit --store 1.db --on 2026-06-30 --quiet --engine sql | cmp - 2.txt
remit why reviewed --for A --store 1.db --on 2026-06-30
remit why reviewed --for B --store 1.db --on 2026-06-30
