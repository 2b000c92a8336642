"""Drift with its payloads tried on the generated client and on the mock (`python -m contract_tests.drift`).

May import client, mock and `scripts.drift`, which may import neither. A new way to try a payload goes to
`replay.py`.
"""
