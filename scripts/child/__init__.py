"""The child's half of reading untrusted documents: it runs with limits on memory, time and files.

May import `scripts.document` and `scripts.generator`; `scripts.confinement` starts it.
"""
