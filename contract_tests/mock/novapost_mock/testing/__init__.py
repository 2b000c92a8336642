"""The mock in a test: pytest plugin, fixtures, a server in a thread.

May import every part of the mock; no part imports it. Every pytest run loads `pytest_plugin.py`, so this
module imports the rest only when a fixture needs it.
"""
