"""Helpers for tests of several parts: servers, browsers, databases and values that tests share."""
