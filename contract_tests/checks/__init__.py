"""Judge one answer: one function per check, and findings as values.

May import `contract_tests.target`. A new check is a function in `response_checks.py`; its description goes to
`descriptions.py`.
"""
