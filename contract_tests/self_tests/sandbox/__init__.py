"""Tests of the limits on the real sandbox."""
