# What a test gives of records with natural keys goes by them: which there are is known when it runs.
remit test natural_keys.remit --coverage none --engine sql
remit test natural_keys.remit --coverage none --engine interpreter
