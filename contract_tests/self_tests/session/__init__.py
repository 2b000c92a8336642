"""Tests of the course of a run."""
