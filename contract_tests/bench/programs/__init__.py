"""Programs that a benchmark runs in a process of their own, so that nothing else counts.

Each is run with `python -m`, prints one line of figures per round, and imports only what it measures.
"""
