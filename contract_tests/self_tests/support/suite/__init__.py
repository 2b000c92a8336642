"""Runs of the suite as processes of their own, forked from one that has already imported what each imports.

May import `scripts`. What a run is given goes into `run.py`; what is imported beforehand into `forks.py`.
"""
