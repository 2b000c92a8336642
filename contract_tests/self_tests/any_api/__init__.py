"""Tests of the contract of any document: its reading, its checks, and whole runs against small servers.

May import the suite. `documents/` holds documents, `todo_server.py` a server that keeps to one of them.
"""
