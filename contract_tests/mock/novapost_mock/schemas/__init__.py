"""Values for any JSON schema: generate, merge and check them, and report violations.

Imports no other part of the mock. A keyword goes to `keywords.py`, a kind of value to `maker.py`. For texts,
`patterns/` finds what fits regular expressions, and `formats.py` has those of formats.
"""
