"""The catalogue of seeded defects: small changes of a correct target, to prove that the suite notices.

A defect is a wrapper on request and answer (passing.py). The proxy puts one before a target, ours or the real
thing; `make defects` runs the suite against each and tells which check caught it.
"""
