# CSV files as they come.
printf 'use pmo\ninitiative X "Crossing" { start: 2026-01-01 due: 2026-12-31 budget: 1M USD }\nimport cost from "costs.csv" { initiative: column "Project" date: column "Date" as "%%d/%%m/%%Y" amount: column "Amount" category: column "Kind" }\nfrom cost show initiative, date, amount, category\n' > import.remit
printf 'Project,Date,Amount,Kind\nX,31/01/2026,12.50,labour\n' > costs.csv; $REMIT run import.remit --store a.db --on 2026-06-30
printf 'Project,Date,Amount,Kind\nX,31/02/2026,12.50,labour\nY,01/01/2026,1;2,labor\nX,01/01/2026,,material\nX,01/01/2026,5\n"X,01/01/2026,5,labour\n' > costs.csv; $REMIT run import.remit --store b.db --on 2026-06-30
printf 'Project,Date,Amount,Kind\nX,31/02/2026,12.50,labour\nX,01/02/2026,7,material\n' > costs.csv; $REMIT run import.remit --store c.db --on 2026-06-30 --keep-good; cat costs.csv.rejected.csv
printf 'Project;Date;Betrag;Kind\n' > costs.csv; $REMIT run import.remit --store d.db --on 2026-06-30
printf '' > costs.csv; $REMIT run import.remit --store d.db --on 2026-06-30
printf 'Project,Date,Amount,Kind,Note,Note\nX,31/01/2026,12.50,labour,a,b\n' > costs.csv; $REMIT run import.remit --store a2.db --on 2026-06-30
printf 'Project,Date,Amount,Kind,Amount\n' > costs.csv; $REMIT run import.remit --store d.db --on 2026-06-30
printf 'Project,Date,Amount,Kind\nX,31/01/2026,\033[31m5\a,labour\nX,31/01/2026,"5\n6",labour\n' > costs.csv; $REMIT run import.remit --store d.db --on 2026-06-30
rm costs.csv; $REMIT run import.remit --store d.db --on 2026-06-30
mkdir costs.csv; $REMIT run import.remit --store d.db --on 2026-06-30
printf '{"date": ' > h.json; $REMIT import holiday h.json --store e.db --on 2026-06-30
printf 'hello' > h.json; $REMIT import holiday h.json --store e.db --on 2026-06-30
printf '[{"date": "2026-12-25", "occasion": "Christmas"}]' > h.json; $REMIT import holiday h.json --store e.db --on 2026-06-30; $REMIT query 'holiday' --store e.db
printf '[{"date": "2026-12-25"' > h.json; $REMIT import holiday h.json --store f.db --on 2026-06-30
printf '[{"date": "2026-12-25"}, {"date": "2026-12-26"}' > h.json; $REMIT import holiday h.json --store f.db --on 2026-06-30
printf '[{"date": "2026-12-25"}, {"date": "2026-12-32"}, 7, {"date": "2026-12-26", "date": "2026-12-27"}]' > h.json; $REMIT import holiday h.json --store f.db --on 2026-06-30 --keep-good
printf '[]' > h.json; $REMIT import holiday h.json --store f.db --on 2026-06-30
printf '{"count": 1, "results": [{"date": "2027-01-01"}], "next": null}' > h.json; $REMIT import holiday h.json --store f.db --on 2026-06-30; $REMIT query 'holiday' --store f.db
printf '[{"occasion": "Christmas"}]' > h.json; $REMIT import holiday h.json --store f.db --on 2026-06-30
remit import holyday h.json --store e.db
printf 'record item "Item" { n: int key n  d: date  m: money?  who: text?  tags: set of text }\n' > i.remit; $REMIT run i.remit --store i.db; printf 'n,d,m,whoo,zzz\n1,2026-01-01,1.00005,x,y\n2,2026-01-01,5.00015,x,y\n3,2026-01-01,2,x,y\n' > i.csv; $REMIT import item i.csv --store i.db; $REMIT query 'item' --store i.db
printf 'n,d,N\n1,2026-01-01,2\n' > i.csv; $REMIT import item i.csv --store i.db; printf 'n,m\n1,2\n' > i.csv; $REMIT import item i.csv --store i.db
printf 'n,d,m\n6,2026-01-01\n7,2026-01-01,1,"so ""x""",2\n8,2026-01-32,1\n9,2026-01-02,1\n' > i.csv; $REMIT import item i.csv --store i.db --keep-good; cat i.csv.rejected.csv
printf 'import item from "i.csv" { n: column "n" d: column "d" tags: column "m" }\n' > t.remit; $REMIT run t.remit --store i.db
printf 'key,name\n,y\nA,x\n' > p.csv; $REMIT import person p.csv --store p.db --keep-good; $REMIT import person p.csv --store p.db
