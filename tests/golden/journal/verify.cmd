# The journal as it was left, and the anchor.
$REMIT run parts.remit --store j.db --on 2026-03-01 --who anna; $REMIT run add.remit --store j.db --on 2026-03-01 --who anna; $REMIT log --head --store j.db > anchor.txt
$REMIT run set.remit --store j.db --on 2026-03-02 --who anna; $REMIT check --store j.db --on 2026-03-03 --who anna; $REMIT run remove.remit --store j.db --on 2026-03-04 --who bob
$REMIT verify --store j.db | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT verify --store j.db --anchor anchor.txt | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT verify --store j.db --anchor $($REMIT log --head --store j.db) | sed -E 's/[0-9a-f]{64}/HASH/g'
$REMIT verify --store j.db --anchor $($REMIT log --head --store j.db) --format json | sed -E 's/[0-9a-f]{64}/HASH/g'
# A value is edited; a row of the history; the journal itself.
cp j.db t.db; sqlite3 t.db 'update t_part set cost = 10000'; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update h_part set made = 1 where _id = 1"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update t_person set email = 'eve@example.org'"; $REMIT verify --store t.db --format json | sed -E 's/[0-9a-f]{64}/HASH/g'
cp j.db t.db; sqlite3 t.db "delete from t_team__tags where member = 1"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "insert into t_team__tags values (1, 0, 2)"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "insert into t_person(_id, _since, _key) values (7, 2, 'EVE')"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update remit_change set who = 'eve' where _id = 3"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "delete from remit_change where _id = 3"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update remit_change set _id = 30 where _id = 3; update remit_change set _id = 3 where _id = 4; update remit_change set _id = 4 where _id = 30"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update remit_text set text = replace(text, '100', '900')"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update remit_version set meaning = 'x'"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update remit_enum set name = 'rosy' where name = 'red'"; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "drop view part; create view part as select 1"; $REMIT verify --store t.db
# What was edited before a change is not made good by it: the field that keeps no history among it.
cp j.db t.db; sqlite3 t.db "update t_finding set last_seen = 1"; $REMIT check --store t.db --on 2026-03-09 --quiet; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update t_part set cost = 10000"; echo 'set part[true] { cost: 3 USD }' > set_all.remit; $REMIT run set_all.remit --store t.db; $REMIT verify --store t.db
cp j.db t.db; sqlite3 t.db "update remit_record set last_id = 0 where name = 'part'"; $REMIT check --store t.db --on 2026-03-09 --quiet; $REMIT verify --store t.db
# The end is cut: the chain alone does not show it, the anchor does.
cp j.db t.db; sqlite3 t.db "delete from remit_change where _id = 5; insert into t_part select _id, _since, _key, _title, team, name_of, cost, made, color from h_part where _until = 5; delete from h_part where _until = 5"; $REMIT verify --store t.db | sed -E 's/[0-9a-f]{64}/HASH/g'; $REMIT verify --store t.db --anchor $($REMIT log --head --store j.db) | sed -E 's/[0-9a-f]{64}/HASH/g'
# The mark of the format is set back, so that the journal would be made anew.
cp j.db t.db; sqlite3 t.db "update t_part set cost = 10000; pragma user_version = 1"; $REMIT check --store t.db --quiet
# What is no use.
$REMIT verify --store none.db
$REMIT verify --store j.db --anchor none.txt
$REMIT verify --store j.db --anchor parts.remit
$REMIT verify now --store j.db
$REMIT verify --store j.db --format csv
printf '' > empty.db; $REMIT verify --store empty.db
