"""Tests of `contract_tests.target`: the server under test, and the output about it."""
