"""Tests of the suite's knowledge of Nova Post's API: the model of the rules, and the readings."""
