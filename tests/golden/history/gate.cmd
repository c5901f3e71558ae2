# A gate and an obligation that ask what was; a test that looks back.
for engine in sql interpreter; do $REMIT test gate.remit --engine $engine; done
$REMIT test gate.remit --mutate | sed -n 1,12p
