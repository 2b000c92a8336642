"""Tests of the principles: spellings, belongings, histories, guessing."""
