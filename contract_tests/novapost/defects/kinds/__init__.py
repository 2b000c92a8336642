"""The seeded defects, one module per kind; the first line of a module says which.

May import the builders beside this folder. A new defect is an entry in the module of its kind.
"""
