"""The course of a run under pytest: the run, collection, outcomes, progress, and the API as tests use it.

May import all that a finding passes before: target, checks, observations, reporting.
"""
