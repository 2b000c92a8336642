"""The seeded defects, one module per kind. The first line of each module names its kind.

May import the builders in the folder above. A new defect is an entry in the module of its kind.
"""
