"""The mock in a test: pytest plugin, fixtures, a server in a thread.

May import every part of the mock; no part imports it. `pytest_plugin.py` loads first and imports late.
"""
