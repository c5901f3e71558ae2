# Where results go: a full disk is an error, a reader that has seen enough is not.
printf 'remit 1\nrecord item "Item" { n: int }\nimport item from "n.csv" { n: column "n" }\n' > i.remit; (echo n; seq 1 60000) > n.csv; $REMIT run i.remit --store s.db
$REMIT query "from item show n" --store s.db > /dev/full
$REMIT help > /dev/full
$REMIT describe office > /dev/full
printf 'print 1\n' | $REMIT --store s.db > /dev/full
set -o pipefail; $REMIT query "from item show n" --format csv --store s.db | head -2
set -o pipefail; $REMIT query "from item show n" --format table --store s.db | head -2
set -o pipefail; $REMIT query "from item show n" --format jsonl --store s.db | head -1
