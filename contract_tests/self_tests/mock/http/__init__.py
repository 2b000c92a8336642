"""Tests of the mock's HTTP server."""
