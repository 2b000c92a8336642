"""Contract tests of Nova Post's own rules (`openapi/rules.toml`).

May import the suite's machinery and `contract_tests.novapost.knowledge`. A test of a rule goes here, marked
with `@pytest.mark.rule("id")`.
"""
