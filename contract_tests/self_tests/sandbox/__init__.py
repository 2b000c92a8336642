"""Tests of the manners on the real sandbox."""
