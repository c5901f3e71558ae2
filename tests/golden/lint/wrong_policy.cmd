# A policy that is wrong is not looked at further; what is wrong stands in the list.
printf 'remit 1\nuse pmo\nrule odd "Odd one" { for initiative when bugdet > 1 raise low }\n' > a.remit; $REMIT lint a.remit
remit lint a.remit --format json
remit lint a.remit --format github
printf 'rule {' > b.remit; $REMIT lint b.remit --fix; cat b.remit; echo
# What every check warns of, too.
printf 'remit 1\ndomain money_matters "Money" {}\n' > c.remit; $REMIT lint c.remit
# A script is looked at like a policy; what its store holds it may name.
printf 'remit 1\nuse pmo\nadd initiative METERS "Meters" { start: 2026-01-05  due: 2026-12-31  budget: 1M USD }\n' > load.remit; $REMIT run load.remit --store s.db; printf 'remit 1\nset initiative["METERS"] { budget: 2M USD }\n' > set.remit; $REMIT lint set.remit; $REMIT lint set.remit --store s.db
