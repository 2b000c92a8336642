"""Verbs of the maintainer: vendor, overlay, regenerate, drift.

Nothing in here imports the client, the mock or the suite: a broken client must not stand in the way
of generating it again.
"""
