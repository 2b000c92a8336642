"""Read any OpenAPI document: parse, join files, find it in a page, walk it, list its operations, prune it.

May import `scripts.lib`. It knows nothing of the generator.
"""
