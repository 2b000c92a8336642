"""Read any OpenAPI document: parse, find it in a page, walk it, list its operations, prune it.

May import `scripts.lib`. It knows nothing of the generator.
"""
