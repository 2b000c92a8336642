"""Tests of drift in another repository, with such a repository."""
