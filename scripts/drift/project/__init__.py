"""Links from a document to this project: its overlay, its generated client, its tests.

The only folder of drift that knows this repository. For any other document it is left out.
"""
