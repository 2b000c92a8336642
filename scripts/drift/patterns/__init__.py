"""Decide whether one regular expression contains another, by automata with bounded work.

Imports no other folder. All functions are pure.
"""
