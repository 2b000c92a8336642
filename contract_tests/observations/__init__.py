"""Record the facts of a run: counts, keyword coverage, latency.

May import `contract_tests.target` and `contract_tests.checks`.
"""
