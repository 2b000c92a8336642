"""Tests of `novapost_mock.testing` beside the pytest plugin, and of the settings of `Mock`."""
