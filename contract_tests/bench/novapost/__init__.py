"""Nova Post's API for the benchmarks: the request, the prepared target, and the set-up of each peer.

This is the only folder of the benchmarks that names this API's operations. A new peer of the mock goes to
`servers.py`, a new peer of the suite to `setups.py`.
"""
