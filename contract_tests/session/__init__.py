"""The pytest plugin of a run: collection, outcomes, progress, and the API that the tests use.

May import the folders that a finding passes before: target, checks, observations, reporting.
"""
