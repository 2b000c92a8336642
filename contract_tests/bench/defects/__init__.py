"""The benchmark of found defects: which defects, which tools, and how their runs are compared.

May import `contract_tests.bench.tools` and the catalogue of defects.
"""
