"""Measure which branches of the client, the mock, the suite and the scripts the tests execute.

Drives all parts and is imported by none. May import `scripts`. A new bound goes into `bounds.toml`;
another way to start a measured process into `start.py`.
"""
