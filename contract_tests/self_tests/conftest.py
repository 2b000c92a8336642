"""Fixtures that several tests of this repository's parts share."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from contract_tests.self_tests.support.postgres import NoPostgresError, postgres, without
from contract_tests.self_tests.support.suite.known_names import KnownNames

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


KNOWN = pytest.StashKey[KnownNames]()
# An address, or a set of several texts: hashes of texts differ from process to process.
_MOVING = re.compile(r" at 0x|\{'[^':{}]*'(?:, '[^':{}]*')+\}")


def _known(config: pytest.Config) -> KnownNames:
    if KNOWN not in config.stash:
        config.stash[KNOWN] = KnownNames(config)
    return config.stash[KNOWN]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file without importing it where `-k` asks for none of its tests."""
    if not config.getoption("keyword") or collection_path.suffix != ".py":
        return None
    return True if _known(config).rules_out(collection_path) else None


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest files begin first, and refuse what two workers would collect as two different tests."""
    if moving := [item.nodeid for item in items if _MOVING.search(item.nodeid)]:
        raise pytest.UsageError(f"the id changes from process to process: {moving[0]}")
    items.sort(key=lambda item: LONGEST.get(item.path.name, len(LONGEST)))
    # Before `-k` takes away what it does not ask for. All workers know the same: one of them keeps it.
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        _known(config).learn(items)
