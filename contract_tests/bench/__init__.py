"""What client, mock, regenerate and drift cost beside their peers, as ratios from one run on one machine.

`values` holds figures; each module of `sections` measures; `terminal` and `record` print.
Nothing in here imports the suite, the client or the mock: they are run as anybody runs them. Light on
purpose, since the bare servers of `apps` are loaded through it.
"""
