"""Decide whether one schema allows every value of another, and name the gap.

May import `scripts.drift.patterns` and `witness`. A keyword's gap goes to `keyword_gaps.py`.
"""
