"""Tests of the mock under load: fuzz, concurrency, crashes."""
