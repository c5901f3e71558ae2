#!/bin/sh
# examples/review at work, in a repository of its own: the hook lets a good policy through and nothing else; the script of a build writes its files and says what failed.
#   review_examples.sh REMIT EXAMPLES     in an empty folder; prints what happened
set -u
REMIT=$1
export REMIT
examples=$2
unset GIT_DIR GIT_INDEX_FILE GITHUB_ACTIONS 2>/dev/null
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

commit() {
    git add -A
    git commit -qm "$1" 2>&1
    echo "[commit $?] $(git rev-list --count HEAD 2>/dev/null || echo 0) commits"
}

git init -q repository && cd repository || exit 1
cp "$examples/review/pre-commit" .git/hooks/pre-commit
cp -r "$examples/post_implementation_review" policy
echo "== a good policy"
commit "a policy"
echo "== what is no policy is not looked at"
echo "notes" > notes.txt
commit "notes"
echo "== not in its canonical form"
printf 'rule   quiet "Never reported" { for initiative when no reviews raise low }\n' > policy/more.remit
commit "more"
echo "== lint finds something"
printf 'remit 1\n\nrule quiet "Never reported" {\n  for initiative\n  when count(reviews) = 0\n  raise low "{name}"\n}\n' > policy/more.remit
commit "more"
echo "== staged well, though what lies in the folder is not"
printf 'remit 1\n\ndefine fine(day: date): bool = day < today\n\nrule quiet "Never reported" {\n  for initiative\n  when no reviews and fine(start)\n  raise low "{name}"\n}\n\ntest "quiet" {\n  on 2026-01-01\n  given initiative X { start: 2026-01-01  due: 2026-12-31  budget: 1M GBP }\n  expect not quiet raised for X\n  on 2026-02-01\n  expect quiet raised for X\n}\n' > policy/more.remit
git add -A
printf 'rule {' > policy/more.remit
git commit -qm "more" 2>&1
echo "[commit $?]"
git checkout -q -- policy 2>/dev/null
git reset -q --hard

echo "== a build of a good policy"
sh "$examples/review/ci.sh" policy out 2>&1
echo "[exit $?] $(ls out | tr '\n' ' ')"
echo "== a build of a poor one"
printf 'rule quiet "Never reported" { for initiative when count(reviews) = 0 raise low "{name}" }\n' > policy/more.remit
GITHUB_ACTIONS=true sh "$examples/review/ci.sh" policy out 2>&1
echo "[exit $?]"
cat out/format.diff
