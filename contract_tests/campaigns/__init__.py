"""Run the suite in other ways: several workers, joined shards, Dask, fuzzing for minutes, costs of units.

May import every other folder of the suite's machinery. A new command is a module here, with a make target.
"""
