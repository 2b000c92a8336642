"""Tests of the generated client and its runtime."""
