"""The sections of `make bench`: one module measures one thing beside its peers.

May import `contract_tests.bench.tools`. A new section is a module here and an entry in `registry.py`.
"""
