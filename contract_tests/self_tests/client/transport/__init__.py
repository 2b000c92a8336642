"""Tests of the client where it runs: settings, headers, connections, load, processes, faults below HTTP."""
