# A store that another program changed, or that changes while a script runs.
ln -s loop loop; $REMIT query 1 --store loop
printf 'remit 1\nrecord item "Item" { n: int  of: item? inverse parts }\nitem A { n: 1 }\nitem B { n: 2 }\n' > i.remit; $REMIT run i.remit --store s.db
printf 'remove A\nadd item { n: 3  of: A }\n' > r.remit; $REMIT run r.remit --store s.db
sqlite3 s.db 'alter table t_item add column z integer check (n < 5)'; printf 'add item { n: 7 }\n' > a.remit; $REMIT run a.remit --store s.db
sqlite3 s.db 'drop view item; alter table t_item rename column n to m'; $REMIT query "from item show n" --store s.db
