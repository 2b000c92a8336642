"""One side of a comparison: a document as drift sees it, and equality of its parts.

May import `scripts.document` and `scripts.drift.load`.
"""
