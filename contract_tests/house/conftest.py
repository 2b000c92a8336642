"""Fixtures that several tests of this repository's parts share."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from contract_tests.house import postgres as real
from contract_tests.house.browser_there import IS_THERE, MISSING
from contract_tests.house.postgres import NoPostgresError, postgres, without

# In the text of a skipped test: the reason up to the quote that ends it.
NO_POSTGRES = re.compile(rf"{real.MISSING}: .*{real.VARIABLE}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL. Without one the test is skipped, or fails where CI is set."""
    with ExitStack() as running:
        missing = None
        try:
            address = running.enter_context(postgres())
        except NoPostgresError as error:
            missing = error
        if missing:
            without(missing, os.environ)
        yield address


@pytest.fixture
def postgres_address(postgres_server: str) -> Iterator[str]:
    """The address of an empty place in it, which nobody else uses."""
    name = f"np_{secrets.token_hex(8)}"
    engine = sa.create_engine(
        sa.make_url(postgres_server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    joined = "&" if urlsplit(postgres_server).query else "?"
    yield f"{postgres_server}{joined}options=-csearch_path%3D{name}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what could not be tried, for a skip alone says nothing."""
    skipped = [str(each.longrepr) for each in terminalreporter.stats.get("skipped", [])]
    if not IS_THERE and any(MISSING in reason for reason in skipped):
        terminalreporter.write_line(f"skipped: {MISSING}")
    for told in dict.fromkeys(found[0] for reason in skipped if (found := NO_POSTGRES.search(reason))):
        terminalreporter.write_line(f"skipped: {told}")
