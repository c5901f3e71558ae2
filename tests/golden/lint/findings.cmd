# What is found, as people read it; some of it alone; how it is counted.
remit lint office.remit
remit lint office.remit --rule overlapping_thresholds,L002
remit lint office.remit --allow overlapping_thresholds,L001,L002,needless_part,dead_exception,no_grace
remit lint office.remit --rule missing_doc --fail-on note --quiet
remit lint office.remit --rule missing_doc
remit lint office.remit --fail-on error --quiet | grep -c warning
remit lint office.remit --fail-on none --all --quiet | grep -c '^note'
remit explain L040
remit explain needless_part
# What it cannot be asked.
remit lint office.remit --rule overlaping_thresholds
remit lint office.remit --allow zzz
remit lint office.remit --fail-on high
remit lint office.remit --format csv
remit lint office.remit --diff
remit lint nothing.remit
remit lint office.remit --policy x
remit explain L999
