# The log: hashes are made unreadable here, since every change of the prelude changes them.
$REMIT run parts.remit --store j.db --on 2026-03-01 --who anna
$REMIT run add.remit --store j.db --on 2026-03-01 --who anna
$REMIT run set.remit --store j.db --on 2026-03-02 --who anna
$REMIT check --store j.db --on 2026-03-03 --who anna
$REMIT run remove.remit --store j.db --on 2026-03-04 --who bob
$REMIT check --store j.db --on 2026-03-05 --who anna
$REMIT log --store j.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log --store j.db -n 1 --full | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log --store j.db --last=1 --format jsonl | sed -E 's/[0-9a-f]{64}/HASH/g'
# One record, one row of it, one that is gone.
$REMIT log team --store j.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log A --full --store j.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log part-1 --full --store j.db --format json | sed -E 's/[0-9a-f]{64}/HASH/g'
# Comments and layout are no new meaning; anything else is.
sed -i 's/^rule/# Dear things.\nrule/' parts.remit; $REMIT run parts.remit --store j.db --on 2026-03-06 --who anna
sed -i 's/100 USD/90 USD/' parts.remit; $REMIT run parts.remit --store j.db --on 2026-03-07 --who bob
$REMIT log --policy --store j.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log --policy --store j.db -n 1 --format json | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT query "from policy_version show number, applied, who, change" --store j.db
$REMIT query "from change show number, who, what, policy" --store j.db
test $($REMIT log --head --store j.db) = $($REMIT query "from change where number = 8 show hash" --store j.db --format csv | tail -1 | tr -d '\r') && echo the same
# What is no use.
$REMIT log prat --store j.db
$REMIT log --head --store j.db team
$REMIT log a b --store j.db
$REMIT log -n 0 --store j.db
$REMIT log --format csv --store j.db
$REMIT log --store none.db
$REMIT fmt --policy
printf '' > empty.db; $REMIT log --store empty.db
$REMIT log --head --store :memory:
$REMIT log --store :memory:
