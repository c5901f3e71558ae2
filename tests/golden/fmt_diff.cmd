# What would change, as `patch` takes it: hunks with three lines about them, and nothing of what is canonical.
printf 'remit 1\n\n# money\ndomain   money "Money" {}\n' > a.remit; for n in 1 2 3 4 5 6 7 8 9; do printf 'domain d%s "Number %s" {}  # the %s\n' $n $n $n >> a.remit; done; printf 'domain last "Last" { parent:money }' >> a.remit; $REMIT fmt --diff a.remit
cp a.remit b.remit; $REMIT fmt --diff b.remit | patch -s b.remit; $REMIT fmt --check b.remit && $REMIT fmt --diff b.remit
mkdir policy; cp a.remit b.remit policy; $REMIT fmt --diff policy | head -n 3
$REMIT fmt --diff - < a.remit | head -n 4
