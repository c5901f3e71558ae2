# What can be mended safely: shown, then done; what was canonical stays so.
remit lint office.remit --fix --diff
cp office.remit mine.remit; $REMIT lint mine.remit --fix; $REMIT fmt --check mine.remit
remit lint mine.remit --fix --diff
# A folder, of which the files that need it are written.
mkdir policy; cp office.remit policy/a.remit; printf 'remit 1\n\nrule quiet "Never reported" { for initiative where stage in [planning] when count(statuses) = 0 and not (due >= today) raise low "{name}" }\n' > policy/b.remit; $REMIT lint policy --fix --all --rule count_for_exists,list_of_one,negated_comparison; cat policy/b.remit; cmp office.remit policy/a.remit && echo the other is as it was
# Brackets stay where they are needed.
printf 'remit 1\nuse pmo\nrule odd "Odd one" { for initiative when not ((stage = idea or overdue) = true) and (if overdue then false else true) raise low "{name}" }\n' > c.remit; $REMIT lint c.remit --fix --quiet > c.out; cat c.remit
printf 'remit 1\nuse pmo\nrule odd "Odd one" { for initiative when overdue and (overdue or stage = idea) and due < today raise low "{name}" }\n' > d.remit; $REMIT lint d.remit --fix --diff
