"""Descriptions that the tests of drift compare: edits, pairs with the truth beside each, broad documents.

Data only; a pair that was judged wrongly comes here first.
"""
