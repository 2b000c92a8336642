"""Values for any JSON schema: generate, merge, check, and report violations.

Imports no other part of the mock. A keyword goes to `keywords.py`, a kind of value to `generator.py`.
"""
