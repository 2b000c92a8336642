"""Tests of the mock's answers for any document."""
