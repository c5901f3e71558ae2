# Changes to the rules that no test notices.
remit test good.remit --mutate
remit test good.remit --mutate --quiet --only "an initiative"
remit test good.remit --mutate --jobs 1 > 1.txt; $REMIT test good.remit --mutate --jobs 7 | cmp - 1.txt && echo same
remit test mutants.remit --mutate --coverage none --format json
remit test mutants.remit --mutate --coverage none --only "of no more"
remit test bad.remit --mutate --only "in a loop"
remit test required_tests.remit --mutate --coverage none
