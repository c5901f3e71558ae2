# Tests of a policy: what passes says so.
remit test good.remit
remit test good.remit --coverage full
remit test good.remit --coverage none --only late
remit test good.remit --engine sql --quiet
remit test good.remit --engine interpreter --quiet
# The same whatever the order in which they end.
for i in 1 2 3 4 5; do $REMIT test bad.remit --jobs $i > $i.txt; cmp $i.txt 1.txt && echo same; done
# A folder is a policy set; without a path it is the one that the command is run in. No store is made or asked.
mkdir policy; cp rules.remit good.remit policy; cd policy; REMIT_STORE=/nowhere/x.db $REMIT test; ls
# A policy with tests is checked and run as one without.
remit check policy --store :memory:
printf 'include "policy/good.remit"\nprint count(office)\n' > s.remit; $REMIT run s.remit --store s.db; $REMIT query 'count(office)' --store s.db; $REMIT test s.remit
# What mandates require, and what gates say when a change passes them.
remit test required_tests.remit --coverage full
remit test required_tests.remit --engine sql > sql.txt; $REMIT test required_tests.remit --engine interpreter | cmp - sql.txt; cat sql.txt
