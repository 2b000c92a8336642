"""Find contradictions inside a document, and propose an overlay that corrects it, for review.

May import `scripts.document`, `scripts.normalize` and `scripts.lib`. A new kind of contradiction goes to
`contradictions.py`; the wider schema that removes one goes to `widening.py`.
"""
