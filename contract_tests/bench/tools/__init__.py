"""Tools of the benchmarks: processes, load, servers, generated documents.

Imports no section. A new peer goes to `peers.py` or `servers.py`.
"""
