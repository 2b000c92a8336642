"""Correct servers that use the choices which the contract leaves open, and the suite against them.

The three servers share no code, neither with the mock nor with each other. Each choice that the documents or
RFC 9110 leave to a server is a level of a factor; none may give a finding. `python -m
contract_tests.self_tests.honest` tries every pair of levels; the tests try a few rows.
"""
