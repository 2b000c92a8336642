"""Compare documentation pages: sentences, recorded pages, and the documents in them.

A new way to read a page goes here; a judgement goes to `judge`.
"""
