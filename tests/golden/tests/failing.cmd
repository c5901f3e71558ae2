# What does not hold is shown with the values that made it so; the other tests go on.
remit test bad.remit
remit test bad.remit --engine sql --quiet > sql.txt; $REMIT test bad.remit --engine interpreter --quiet > interpreter.txt; cmp sql.txt interpreter.txt
remit test bad.remit --only "in a loop" --quiet
remit test bad.remit --only "In a loop"
remit test none.remit
remit test wrong.remit
remit test nothing.remit
remit test good.remit --format xml
remit test good.remit --jobs none
remit test good.remit --timeout 0
remit test good.remit --coverage half
remit test good.remit --store x.db
remit test slow.remit --timeout 2
# A process that comes to a bad end, here for want of time of the processor, is an error of its test alone.
ulimit -S -t 1; $REMIT test slow.remit --timeout 100
remit test outside.remit
