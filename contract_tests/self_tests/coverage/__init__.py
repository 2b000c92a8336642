"""Tests of the bounds of coverage."""
