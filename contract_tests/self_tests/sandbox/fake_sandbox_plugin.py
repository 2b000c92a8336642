"""A pytest plugin of our own tests that puts a fake sandbox in the place of the real one.

A `Site` is the sandbox or this machine, so it cannot be made to lead anywhere else.
"""

import ssl

import pytest

from contract_tests.sandbox.site import Site


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where it stands, and whose certificates it has."""
    group = parser.getgroup("contract")
    group.addoption("--fake-sandbox")
    group.addoption("--fake-sandbox-ca")


@pytest.hookimpl(optionalhook=True)
def pytest_contract_site(config: pytest.Config) -> Site:
    """Return the site of the fake sandbox."""
    trust = ssl.create_default_context(cafile=config.getoption("--fake-sandbox-ca"))
    return Site(config.getoption("--fake-sandbox"), trust, unhurried=False)
