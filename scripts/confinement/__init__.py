"""The parent's half of reading untrusted documents: start a limited child and read its answer.

May import `scripts.lib`. A new limit goes here.
"""
