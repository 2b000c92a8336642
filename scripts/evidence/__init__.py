"""What a document says against itself, and an overlay that corrects it, for review.

May import `scripts.document`, `scripts.normalize` and `scripts.lib`. A new kind of contradiction goes to
`contradictions.py`, what a schema would have to allow instead to `widening.py`.
"""
