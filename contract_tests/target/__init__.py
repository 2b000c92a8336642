"""The server under test: its address, transport, exchanges, control client and call log.

Imports no other folder of the suite but the sandbox's manners.
"""
