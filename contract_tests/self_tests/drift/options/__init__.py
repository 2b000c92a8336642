"""Tests of the options and outputs of the command: sources, formats, levels and policy."""
