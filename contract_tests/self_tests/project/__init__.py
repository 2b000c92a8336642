"""Tests of the repository itself: architecture, packaging, pages, make targets."""
