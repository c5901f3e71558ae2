# What cannot be seen could make a reviewer read another policy than the one that runs.
printf 'print 1 # \342\200\256 x \342\201\246 y\nprint "a\342\200\213b"\nprint 1\342\200\213 + 2\nprint "\330\234"\n' > b.remit; $REMIT run b.remit --store :memory:; $REMIT fmt --check b.remit
printf '\357\273\277print "\340\244\225\340\245\215\342\200\215\340\244\267"\n' > join.remit; $REMIT run join.remit --store :memory:
