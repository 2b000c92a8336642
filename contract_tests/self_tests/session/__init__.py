"""Tests of the pytest plugin of a run."""
