"""Tests of pages: edits of the published ones with their truth, rendered pages, two languages."""
