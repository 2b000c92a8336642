"""Regular expressions of ECMA-262, as schemas have them under `pattern`: read, and texts that fit them.

Imports no other part of the mock. `expressions.py` reads an expression; `automaton.py` and `language.py` find
texts that fit several of them; `sampler.py` guesses a text where no automaton can hold an expression.
"""
