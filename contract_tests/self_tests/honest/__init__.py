"""Servers that keep the contract in their own ways, and the suite against them.

The three servers share no code, neither with the mock nor with each other. A choice that the documents or
RFC 9110 leave to a server is a level of one of its factors, and no finding. `python -m
contract_tests.self_tests.honest` tries every pair of levels, and the tests a few rows.
"""
