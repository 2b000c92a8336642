"""The results of a run as one tree, written as terminal text, HTML page, JUnit file and GitHub summary.

`report.py` makes the tree; every other module reads only the tree. A new format is a module here.
"""
