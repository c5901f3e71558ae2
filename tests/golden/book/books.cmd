# Without a store the book says what is required, and not how it stands; what users wrote is made harmless.
printf 'remit 1\nuse pmo\n\ndomain d "D <b>&amp; *bold* | [x](y)"  {}\noffice O "Office of `code` & <script>alert(1)</script>" { mandates: [d] }\nbody B "B" {}\nbody C "C" {}\n\n## Never _this_ | that.\n## Twice.\nmandate m "Title # with <i>signs</i>" by O on d {\n  for i in initiative where i.stage in [delivery, closing] or i.parent is known and not i.overdue\n  every 2 weeks from i.start until i.due\n  shall not exists i.risks[open and exposure >= 12]\n  except "Old | one" when i.start < 2026-01-01 shall not i.sponsor is missing\n  waivable by B through C up to 3 months\n  because "5 > 3 & so on"\n}\n\nmandate advice "Only advice" by O on d {\n  for initiative\n  should not due - start > 400 days and stage < planning\n}\n\nrule r "R" { for person where count(sponsored) > 2 and name contains "x" raise low }\n' > p.remit; $REMIT doc p.remit --on 2026-06-30 | sed '/^### Records/,$d'
remit doc p.remit --format html --on 2026-06-30 | sed -n '/<h1>/,/<h3>Records/p'
remit doc p.remit --format csv
remit doc a b
remit doc nothing.remit
remit doc
printf 'rule {' > w.remit; $REMIT doc w.remit
