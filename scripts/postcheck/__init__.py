"""Check the generated package: allow-list of syntax, completeness, public API, changelog.

May import `scripts.document` and `scripts.lib`; it reads the package as text and never runs it.
"""
