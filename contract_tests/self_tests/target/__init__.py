"""Tests of `contract_tests.target`: what is talked to, and what is printed of it."""
