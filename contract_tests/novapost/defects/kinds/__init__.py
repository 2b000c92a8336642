"""The seeded defects, one module per kind: responses, errors, requests, rules, server.

May import the builders beside this folder. A new defect is an entry in the module of its kind.
"""
