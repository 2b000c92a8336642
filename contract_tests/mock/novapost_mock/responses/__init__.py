"""Answer operations without rules by their schemas.

`documented.py` reads an operation of the document, and `operation.py` answers a request to it. Each other
module handles one part: parameters, bodies, media types, security, deletions, encodings.
"""
