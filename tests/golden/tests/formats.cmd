# For programs and build servers.
remit test bad.remit good.remit --format json
remit test bad.remit good.remit --format junit
remit test slow.remit --timeout 2 --format json --coverage none
remit test good.remit --format junit --only late
