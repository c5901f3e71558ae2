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
echo "== The data, as they were before the offices had mandates"
"$remit" run load.remit --store "$store" --on $on "$@" || exit 1
"$remit" run waivers.remit --store "$store" --on $on "$@" || exit 1
echo
echo "== What the check finds, and what is required"
"$remit" check policy --store "$store" --on $on "$@"
echo
echo "== What an office may require, and what it does"
"$remit" describe CMO --store "$store" --on $on
echo
echo "== A gate refuses a change"
cat gate.remit
"$remit" run gate.remit --store "$store" --on $on --who "the project lead" "$@"
"$remit" query 'from decision show gate, element, change, outcome, by, reason' --store "$store" --on $on "$@"
for report in portfolio slippage_report sponsors spend_by_quarter compliance; do
    echo
    "$remit" report $report --store "$store" --on $on "$@" || exit 1
done
echo
echo "== A question of one's own"
echo 'from initiative where red_streak > 0 and exposure >= 15 show key, name, red_streak, exposure'
"$remit" query 'from initiative where red_streak > 0 and exposure >= 15 show key, name, red_streak, exposure sort by red_streak desc' --store "$store" --on $on "$@"
