"""Put a seeded defect before a target, to prove that the suite notices it.

A defect wraps the request and the answer (`exchange.py`). The proxy puts one defect before a target. `make
defects` runs the suite against each defect, and reports which check noticed it.
"""
