# The command line itself.
remit chek
remit check --stor x.db
remit check --on 31/03/2026
remit query
remit query "1 + 1" --format excel
remit query "1 + 1" --engine fast
remit query "1 + 1" --format json
remit query "[1, 2, 3]"
remit explain R0201
remit explain R9999
remit explain 214
remit help query
remit version | sed "s,SQLite [0-9.]*,SQLite,"
remit --version | sed "s,SQLite [0-9.]*,SQLite,"
remit describe initiative.offce
remit describe streak
remit fmt nothing.remit
printf 'rule   r "R" {for initiative when parent is missing\nraise low}\n' > r.remit; $REMIT fmt --check r.remit; $REMIT fmt --diff r.remit; $REMIT fmt r.remit; cat r.remit; $REMIT fmt --check r.remit
printf 'print 2 * 21\n' | $REMIT --on 2026-06-30 --store s.db
remit report pmo_portfolio --store s.db
remit query "from office" --timeout soon
remit query "1 + 1" --summary
remit fmt --engine sql x.remit
remit help fmt
remit query '  '
remit explain R0101
remit explain R0253
remit explain R0018
remit describe date
printf 'use pmo\nrecord note "Note" { text: text key text }\n' > p.remit; printf 'include "p.remit"\nadd note { text: "<b>no</b> [x](y) *z*" }\nfrom note show text\n' > n.remit; $REMIT run n.remit --store n.db --format markdown; $REMIT describe nothing --policy p.remit --store :memory:; $REMIT describe delivery --policy p.remit --store :memory:
