"""The server under test: its address, transport, exchanges, control client and call log.

`units.py` and `shards.py` say which part of a campaign a run takes: an option, as the target is.

Imports no other folder of the suite but the sandbox's manners.
"""
