# SQLite takes questions only so deep. Where no engine is asked for, the interpreter answers what is deeper; where SQL is asked for, it says so.
remit run deep.remit --store default.db --on 2026-06-30
remit run deep.remit --store interpreter.db --on 2026-06-30 --engine interpreter
remit run deep.remit --store sql.db --on 2026-06-30 --engine sql
