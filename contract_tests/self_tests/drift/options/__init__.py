"""Tests of what the command takes and gives: sources, formats, levels and policy."""
