"""Tests of `novapost_mock/keys`."""
