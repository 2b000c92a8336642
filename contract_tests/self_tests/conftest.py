"""Fixtures that several tests of this repository's parts share."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from contract_tests.self_tests.support.postgres import NoPostgresError, postgres, without

NOT_TRIED = " was not tried"
"""In the reason of a test that is skipped because the machine lacks something; the end of a run tells it."""

# All would wait for a worker that begins one of these at the end. All other files come in their own order.
LONGEST = {
    name: place
    for place, name in enumerate(
        (
            "test_browser.py",
            "test_pyright.py",
            "test_runs.py",
            "test_campaign.py",
            "test_honest_servers.py",
            "test_portal_document.py",
            "test_hostile_documents.py",
            "test_regenerate.py",
            "test_stress.py",
            "test_forks_while_loading.py",
            "test_example_database.py",
            "test_workers.py",
            "test_shards.py",
        )
    )
}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Yield the address of a real PostgreSQL. Without one, skip the test, or fail where CI is set."""
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
    """Yield the address of an empty database or schema that nobody else uses."""
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
    """Say in one line each what the machine lacked, for a skip alone says nothing."""
    skipped = [each.longrepr[2] for each in terminalreporter.stats.get("skipped", []) if each.longrepr]
    for reason in dict.fromkeys(reason.removeprefix("Skipped: ") for reason in skipped):
        if NOT_TRIED in reason:
            terminalreporter.write_line(f"skipped: {reason}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first, and refuse what two workers would collect as two different tests."""
    if moving := [item.nodeid for item in items if " at 0x" in item.nodeid]:
        raise pytest.UsageError(f"the id changes from process to process: {moving[0]}")
    items.sort(key=lambda item: LONGEST.get(item.path.name, len(LONGEST)))
