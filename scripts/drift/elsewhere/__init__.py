"""Run drift in other repositories: the command from any folder, and the files of a commit.

The GitHub Action, the GitLab template and the pre-commit hook call `run.sh`.
"""
