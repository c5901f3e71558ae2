# A refusal that one gate and no other makes.
remit test refused_by.remit --coverage none --engine sql
$REMIT test refused_by.remit --coverage none --engine interpreter > 2.txt; $REMIT test refused_by.remit --coverage none --engine sql | cmp - 2.txt
remit test wrong_gate.remit
