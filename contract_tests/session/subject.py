"""What a session is about: a contract, and how a test talks to its API.

`contract_tests/conftest.py` chooses it before tests are collected, since schemathesis builds its tests then.
"""

from dataclasses import dataclass

from contract_tests.checks.document import Contract
from contract_tests.session.api import Api
from contract_tests.target.control import ControlClient


@dataclass(frozen=True)
class Subject:
    """The contract of a session, and the classes of the fixtures `api` and `control`.

    Attributes:
        is_ours: whether it is Nova Post's API, with the knowledge of it; else a document of somebody's.
    """

    contract: Contract
    api: type[Api] = Api
    control: type[ControlClient] = ControlClient
    is_ours: bool = True


_chosen: list[Subject] = []


def choose(subject: Subject) -> None:
    """Let this be the subject of the session from now on."""
    _chosen[:] = [subject]


def chosen() -> Subject:
    """Return the subject of the session.

    Raises:
        LookupError: none was chosen; only `contract_tests/conftest.py` chooses one.
    """
    if not _chosen:
        raise LookupError("no contract was chosen: tests of any_api are collected by the suite's conftest.py")
    return _chosen[0]
