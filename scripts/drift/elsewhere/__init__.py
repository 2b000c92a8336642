"""Drift for the documents of other repositories: the command from any folder, and the files of a commit.

`run.sh` is what the GitHub Action, the GitLab template and the pre-commit hook call.
"""
