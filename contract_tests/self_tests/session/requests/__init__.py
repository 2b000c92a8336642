"""Tests of what a run sends: credentials, values of path parameters, and requests that fit the document."""
