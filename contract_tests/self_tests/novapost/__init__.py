"""Tests of what the suite knows of Nova Post's API: the model of the rules, and the readings."""
