"""Paths, files, errors and progress, for every script.

Imports no other folder of `scripts`.
"""
