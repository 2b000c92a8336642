"""Mutation testing: prove that the tests of a module fail when the module is wrong.

`table.toml` says which tests hold which module, and why a mutant may survive. This package runs in an
environment of its own (`make mutants`), so it imports nothing of the project. To add a module, add a table to
`table.toml`.
"""
