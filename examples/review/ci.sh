#!/bin/sh
# What a build does with a policy: its form, lint, its tests, and the book, each into a file that build servers and people read. Everything is done, and it fails when anything did.
#   ci.sh [POLICY] [OUT]     the folder of the policy (policy), the folder for results (review)
# REMIT names the command (remit). In GitHub's Actions what was found is also written to the lines that it concerns.
set -u
remit=${REMIT:-remit}
policy=${1:-policy}
out=${2:-review}
status=0
mkdir -p "$out" || exit 1

step() {
    name=$1
    shift
    if "$@"; then
        echo "ok      $name"
    else
        echo "FAILED  $name"
        status=1
    fi
}

into() { # a file, then a command that writes it
    file=$1
    shift
    "$@" > "$out/$file"
}

step "canonical form" into format.diff "$remit" fmt --diff "$policy"
step "lint" into lint.sarif "$remit" lint "$policy" --format sarif --quiet
step "tests" into tests.xml "$remit" test "$policy" --format junit --quiet
step "policy book" into policy-book.html "$remit" doc "$policy" --store :memory: --format html
if [ -n "${GITHUB_ACTIONS:-}" ]; then
    "$remit" lint "$policy" --format github --quiet
    "$remit" test "$policy" --format github --quiet
fi
exit $status
