"""Compare which tools notice which defects: the chosen defects, the tools, and the comparison of their runs.

May import `contract_tests.bench.tools` and the catalogue of defects.
"""
