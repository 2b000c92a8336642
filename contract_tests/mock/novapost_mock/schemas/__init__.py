"""Values for any JSON schema: generate, merge and check them, and report violations.

Imports no other part of the mock. A keyword goes to `keywords.py`, a kind of value to `generator.py`. For
texts, `expressions.py` reads a pattern, `automaton.py` and `language.py` walk it, and `formats.py` has the
patterns of formats.
"""
