"""From a document to a Python package: names, tables, docstrings, template contexts, runtime copy.

May import `scripts.document`. A name's rule goes to `naming.py`, a template's context to `views.py`.
"""
