"""Nova Post's API as the benchmarks ask for it: the request, the prepared system, and each peer.

The only folder of the benchmarks that names this API's operations. `bench.sections` and `bench.tools` measure
whatever they are given. A new peer of the mock goes to `servers.py`, one of the suite to `setups.py`.
"""
