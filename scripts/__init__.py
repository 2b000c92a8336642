"""Commands of the maintainer: vendor, overlay, regenerate, drift.

Nothing in here imports the client, the mock or the suite, so that a broken client can be generated again.
"""
