"""Tests of what is put in plain words before a client is generated."""
