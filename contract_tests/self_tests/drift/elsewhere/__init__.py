"""Tests of drift in the repository of somebody else, and such a repository."""
