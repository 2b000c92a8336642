"""Tests of pages: edits of the published pages with the expected findings, rendered pages, two languages."""
