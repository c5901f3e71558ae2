# What checks keep, looked at on a day on which none was kept; and what a waiver has to do with it.
$REMIT test first_day.remit --coverage full
