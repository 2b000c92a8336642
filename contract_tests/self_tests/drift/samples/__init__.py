"""Descriptions that the tests of drift compare: edits, pairs with the right judgement, large documents.

Data only. If drift judged a pair wrongly, add it here first.
"""
