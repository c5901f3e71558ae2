# Keys that the store has are near as those of the declarations are.
printf 'record site "Site" {}\nadd site METERS "Smart meters" {}\nadd person ADA "Ada" {}\n' > s.remit; $REMIT run s.remit --store s.db --on 2026-06-30
$REMIT query 'METRES.name' --store s.db
printf 'set METER {}\nremove ADDA\n' > t.remit; $REMIT run t.remit --store s.db --on 2026-06-30
