"""Nova Post's knowledge in the mock: rules in their order, the life of a key, tokens, settings, clock, store.

The only folder of the mock, beside its console and control routes, that may name this API's operations and
fields. The store in a database is in `sql/`. A new rule goes to `rules.py`, a new state of a key to the table
in `lifecycle.py`.
"""
