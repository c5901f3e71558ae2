# What was breached is never forgotten.
$REMIT test once_breached.remit --coverage none
