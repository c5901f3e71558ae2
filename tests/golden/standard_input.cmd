# A script is read once, so that it may come from a pipe; `-` is standard input.
printf 'add person P1 "Ada" {}\n' | $REMIT run - --store s.db --on 2026-06-30
printf 'add person P2 "Bea" {}\n' | $REMIT --store s.db --on 2026-06-30
mkfifo pipe; printf 'add person P3 "Cid" {}\n' > pipe & $REMIT run pipe --store s.db --on 2026-06-30
$REMIT query 'from person' --store s.db
printf 'office PMO "Project office" {}\nrule a "A" { for office when name != "" raise low "{name}" }\n' | $REMIT check - --store s.db --on 2026-06-30
$REMIT check --store s.db --on 2026-06-30
printf 'print nothing\n' | $REMIT run - --store s.db
printf 'include "part.remit"\nprint half(3)\n' > all.remit; printf 'define half(x: number): number = x / 2\n' > part.remit; $REMIT run - --store t.db < all.remit
: | $REMIT run - --store t.db
