"""Measure which branches of the client, the mock, the suite and the scripts the tests execute.

It starts all parts, and no part imports it. May import `scripts`. A new bound goes into `bounds.toml`;
another way to start a measured process goes into `start.py`.
"""
