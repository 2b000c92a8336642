"""Does a short run leave out no test that `-k` asks for?"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contract_tests.self_tests.support.suite import known_names
from contract_tests.self_tests.support.suite.known_names import KnownNames


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a file of tests and a helper."""
    (tmp_path / "contract_tests").mkdir()
    for name in ("test_some.py", "helper.py"):
        (tmp_path / "contract_tests" / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(known_names, "ROOT", tmp_path)
    return tmp_path / "contract_tests"


class Kept(dict[str, Any]):
    """Pytest's cache."""

    def set(self, key: str, value: Any) -> None:
        self[key] = value


def known(cache: Kept, keyword: str, *arguments: str, lf: bool = False) -> KnownNames:
    options = {"keyword": keyword, "lf": lf}
    config: Any = SimpleNamespace(cache=cache, args=arguments, getoption=lambda name, *default: options[name])
    return KnownNames(config)


def learned(root: Path, *arguments: str, lf: bool = False) -> Kept:
    cache, test = Kept(), root / "test_some.py"
    items: Any = [SimpleNamespace(path=test, keywords={"test_some.py": 1, "test_it[GET /keys]": 1})]
    known(cache, "", *arguments, lf=lf).learn(items)
    return cache


@pytest.mark.parametrize(
    ("keyword", "left_out"),
    [
        ("other", True),
        ("other or third", True),
        ("IT", False),
        ("get", False),
        ("other or (some and it)", False),
        ("not other", False),
        ("", False),
    ],
)
def test_a_file_is_left_out_where_none_of_its_names_has_a_word(
    root: Path, keyword: str, left_out: bool
) -> None:
    """Pytest itself then decides which of its tests are meant."""
    assert known(learned(root), keyword).rules_out(root / "test_some.py") is left_out


@pytest.mark.parametrize("changed", ["test_some.py", "helper.py", "new.py"])
def test_what_changed_is_imported_again(root: Path, changed: str) -> None:
    """A changed file may have new tests, and a changed helper may name them."""
    cache = learned(root)
    (root / changed).write_text("# more", encoding="utf-8")

    assert not known(cache, "other").rules_out(root / "test_some.py")


def test_another_file_of_tests_changes_nothing(root: Path) -> None:
    """Whoever writes a test runs it again and again."""
    cache = learned(root)
    (root / "test_another.py").write_text("# more", encoding="utf-8")

    assert known(cache, "other").rules_out(root / "test_some.py")
    assert not known(cache, "other").rules_out(root / "test_another.py")


@pytest.mark.parametrize(("arguments", "lf"), [(["test_some.py::test_it"], False), ([], True)])
def test_a_run_of_parts_of_a_file_teaches_nothing(root: Path, arguments: list[str], lf: bool) -> None:
    """It does not know the names of the other tests."""
    assert not known(learned(root, *arguments, lf=lf), "other").rules_out(root / "test_some.py")
