"""Run drift, and try the values that it finds on the generated client and on the mock.

    python -m contract_tests.drift

May import client, mock and `scripts.drift`; `scripts.drift` may import neither client nor mock. A new way to
try a value goes to `replay.py`.
"""
