"""Connect a document with this project: its overlay, its generated client, its tests.

This is the only folder of drift that knows this repository. It is not used for other documents.
"""
