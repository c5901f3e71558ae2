# Asks both engines of the store, and says when they differ.
for engine in sql interpreter; do
  $REMIT "$@" --store s.db --engine $engine > $engine.out 2>&1
  echo "[status $?]" >> $engine.out
done
cmp -s sql.out interpreter.out && cat sql.out || { echo "the engines disagree"; diff sql.out interpreter.out; }
