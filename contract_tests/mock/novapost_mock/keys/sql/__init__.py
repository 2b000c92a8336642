"""The state of the mock in SQLite or PostgreSQL. Loaded only with `--state`.

The only folder that knows databases.
"""
