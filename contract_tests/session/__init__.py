"""A run: what it knows of the API, the requests that it sends, and the API that the tests use.

May import the folders that a finding passes before: target, checks, observations, reporting. The hooks of
pytest are in `plugin/`.
"""
