"""Containment of regular expressions, by automata with bounded work.

Imports no other folder. Pure functions of patterns.
"""
