"""Programs that a benchmark runs in a process of their own, so that only their work is measured.

Each is run with `python -m`, prints one line of figures per round, and imports only the measured code.
"""
