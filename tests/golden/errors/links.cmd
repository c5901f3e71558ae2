# What a policy brings along is read from its own folder only: neither a link nor an `include` leads out of it, and only plain files are read.
mkdir -p policy/sub; printf 'remit 1\n\noffice PMO "Project office" {}\n\nrule a "A" {\n  for office\n  raise low "{name}"\n}\n' > policy/office.remit; printf 'the password is "swordfish\n' > secret.remit; $REMIT check policy --store s.db --on 2026-06-30
ln -s ../secret.remit policy/link.remit; $REMIT check policy --store s.db; rm policy/link.remit
ln -s / policy/root; ln -s .. policy/sub/up; $REMIT check policy --store s.db --on 2026-06-30 --quiet; rm policy/root policy/sub/up
mkfifo policy/pipe.remit; $REMIT check policy --store s.db; $REMIT fmt --check policy; rm policy/pipe.remit
ln -s ../../secret.remit policy/sub/in.remit; printf 'remit 1\n\ninclude "sub/in.remit"\n' > policy/all.remit; $REMIT check policy/all.remit --store s.db
rm policy/sub/in.remit; mkfifo policy/sub/in.remit; $REMIT check policy/all.remit --store s.db
# Links that stay within do, and what is named on the command line may be a link itself.
rm policy/sub/in.remit; echo 'define half(x: number): number = x * 0.5' > policy/sub/half; ln -s half policy/sub/in.remit; $REMIT check policy --store s.db --on 2026-06-30 --quiet; $REMIT query 'half(3)' --store s.db
ln -s policy linked; $REMIT check linked --store s.db --on 2026-06-30 --quiet; ln -s policy/office.remit one.remit; $REMIT check one.remit --store s.db --on 2026-06-30 --quiet
# The formatter leaves links alone.
ln -s ../secret.remit policy/link.remit; ln -s / policy/root; $REMIT fmt --check policy
