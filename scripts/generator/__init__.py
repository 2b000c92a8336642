"""Generate a Python package from a document: names, tables, docstrings, template contexts, runtime copy.

May import `scripts.document`. A rule for names goes to `naming.py`, a template's context to `views.py`.
"""
