"""What client, mock, regenerate and drift cost beside their peers, as ratios from one run on one machine.

`values` holds what is measured and nothing of how; a module a section measures; `tell` and `record` say it.
Nothing in here imports the suite, the client or the mock: they are run as anybody runs them. Light on
purpose, since the bare servers of `apps` are loaded through it.
"""
