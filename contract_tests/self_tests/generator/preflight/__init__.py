"""Tests of the refusals of documents that the generator would get wrong."""
