# A store of the first format: it can be read, and its journal is made when it is first written to.
sqlite3 o.db < old_store.sql; $REMIT verify --store o.db
$REMIT log --store o.db
$REMIT log --head --store o.db
$REMIT log A --store o.db
$REMIT log --policy --store o.db
$REMIT query "from policy_version" --store o.db
$REMIT query "from change show number, who, what, hash" --store o.db
$REMIT query "from part show team, name_of, cost" --store o.db
$REMIT check --store o.db --on 2026-03-09 --who anna
$REMIT verify --store o.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log --store o.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log --policy --store o.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT log part-1 --full --store o.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT run parts.remit --store o.db --on 2026-03-10 --who bob; $REMIT verify --store o.db | sed -E 's/[0-9a-f]{64}/HASH/g'
sqlite3 o.db "update h_part set cost = 1 where _id = 1"; $REMIT verify --store o.db
