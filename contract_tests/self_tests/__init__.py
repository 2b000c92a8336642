"""Tests of this repository. They need no target; each folder mirrors the part that it tests.

`support/` holds what several parts use.
"""
