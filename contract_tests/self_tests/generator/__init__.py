"""Tests of vendoring, overlay and generation."""
