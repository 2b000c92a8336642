"""Principles that hold for every operation of any document, and the machinery that tries them.

`raw_request` and `spellings`: one request has many spellings, and all get one answer. `belongings`: nobody
learns what belongs to another. `histories`: parallel calls can be put in an order. `guessing`: a secret can't
be computed. May import `contract_tests.target`; names no operation. A new spelling is a function in
`spellings.py`.
"""
