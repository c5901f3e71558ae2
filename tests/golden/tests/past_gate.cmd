# What tests expect of gates that a record is past already counts as what they expect of other mandates, also for changes to the policy.
remit test past_gate.remit --engine sql
$REMIT test past_gate.remit --engine interpreter > 2.txt; $REMIT test past_gate.remit --engine sql | cmp - 2.txt
remit test past_gate.remit --mutate --coverage none
