"""Tests of `novapost_mock.schemas`: values that fit patterns, formats and lengths."""
