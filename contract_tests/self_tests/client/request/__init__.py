"""Tests of what the client sends: where to, with which credentials, and how arguments are written."""
