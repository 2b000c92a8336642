"""Campaigns against the mock that take too long for every test run; `make` has a target for each."""
