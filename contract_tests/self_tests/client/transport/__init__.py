"""Tests of the client where it runs: settings, headers, connections, load, processes, and what the network does."""
