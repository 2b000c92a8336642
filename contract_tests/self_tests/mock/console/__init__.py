"""Tests of the mock's console."""
