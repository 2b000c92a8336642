"""Nova Post's knowledge in the mock: rules in their order, the life of a key, tokens, settings, clock, store.

Only this folder, the console and the control routes may name this API's operations and fields. The store in a
database is in `sql/`. A new rule goes to `rules.py`, a new state of a key to the table in `lifecycle.py`.
"""
