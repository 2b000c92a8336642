"""Fixtures that several tests of this repository's parts share."""

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from contract_tests.self_tests.support.browser_installed import IS_THERE, MISSING
from contract_tests.self_tests.support.postgres import NoPostgresError, postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL. Without one the test fails, for what it proves is unproven."""
    try:
        with postgres() as address:
            yield address
    except NoPostgresError as error:
        pytest.fail(str(error), pytrace=False)


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
    if not IS_THERE and any(
        MISSING in str(each.longrepr) for each in terminalreporter.stats.get("skipped", [])
    ):
        terminalreporter.write_line(f"skipped: {MISSING}")
