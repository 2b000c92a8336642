"""Write the reference pages of `docs/` and the drawing of a key's life from the code; take the pictures.

May import every part. A new generated page is a function in `reference.py`.
"""
