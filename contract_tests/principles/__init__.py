"""Principles that hold for every operation of any document, and the machinery that tries them.

`raw_request` and `spellings`: equal forms of one request get equal answers. `one_connection`: each request of
a connection gets its own answer. `belongings`: nobody gets another client's data. `histories`: parallel calls
can be put in an order. `guessing`: nobody can compute a secret. `members`, `lists`: what an answer holds.
May import `contract_tests.target` and `contract_tests.checks`; names no operation. A new form
of a request is a function in `spellings.py`.
"""
