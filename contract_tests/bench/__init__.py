"""Measure our parts and other tools for the same purpose, as ratios from one run on one machine.

`values` contains the figures; each module of `sections` measures; `terminal` and `record` print. Nothing in
here imports the suite, the client or the mock: they run as users run them. This module imports nothing,
because the bare servers of `novapost/apps.py` are loaded through it.
"""
