"""Read any OpenAPI document into operations that can be served.

May import `schemas` and `responses`, never `keys`. A way to load a document goes to `load.py`.
"""
