#!/bin/sh
# Tests the policy of the example portfolio, loads it into a store, checks it and prints reports: demo.sh REMIT STORE [options of remit]
set -u
remit=$1
store=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
shift 2
cd "$(dirname "$0")"
on=2026-06-30
echo "== The tests of the policy"
"$remit" test policy || exit 1
echo
echo "== The data and the policy"
"$remit" run load.remit --store "$store" --on $on "$@" || exit 1
echo
echo "== What the check finds"
"$remit" check --store "$store" --on $on "$@"
for report in portfolio slippage_report sponsors spend_by_quarter; do
    echo
    "$remit" report $report --store "$store" --on $on "$@" || exit 1
done
echo
echo "== A question of one's own"
echo 'from initiative where red_streak > 0 and exposure >= 15 show key, name, red_streak, exposure'
"$remit" query 'from initiative where red_streak > 0 and exposure >= 15 show key, name, red_streak, exposure sort by red_streak desc' --store "$store" --on $on "$@"
