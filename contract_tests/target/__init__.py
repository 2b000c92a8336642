"""The server under test: its address, transport, exchanges, control client and call log.

`units.py` and `shards.py` choose the part of a campaign that a run takes; like the target, this is an option.
Imports no other folder of the suite except `sandbox`.
"""
