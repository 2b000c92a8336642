"""Tests of the mock's stored state."""
