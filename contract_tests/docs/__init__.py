"""Build the reference pages of `docs/` and the drawing of a key's life from the code; take the screenshots.

May import every part. A new built page is a function in `reference.py`.
"""
