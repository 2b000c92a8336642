"""Contract tests that hold for any OpenAPI document.

May import the suite's machinery and nothing of `contract_tests.novapost`. A test that needs no rule of one
API goes here; a test of a rule goes to `contract_tests/novapost`.
"""
