"""What a regeneration changes for callers is told, and whether it breaks them."""

from pathlib import Path

import pytest

from scripts.postcheck.changelog import noted
from scripts.postcheck.public_api import Change, changes

OLD = '''
class Parcel:
    """A parcel."""

    weight: int

    def send(self, to: str) -> bool:
        """Send it."""
        return True


def track(number: str, *, deep: bool = False) -> str:
    """Track it."""
    return number


T = int
'''


def package(folder: Path, source: str) -> Path:
    """Return a package of one module."""
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(source)
    return folder


def changes_of(tmp_path: Path, new: str) -> list[str]:
    """Return the changes from OLD to another source, as they are printed."""
    one, two = package(tmp_path / "old" / "client", OLD), package(tmp_path / "new" / "client", new)
    return [str(change) for change in changes(one, two)]


def test_the_same_package_has_not_changed(tmp_path: Path) -> None:
    """Not even where comments, order of imports and private names did."""
    assert changes_of(tmp_path, f"import os\n_private = 1\n{OLD}# the end\n".replace("T = int", "")) == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("    weight: int\n", "", "client.Parcel.weight: public object was removed (breaks callers)"),
        ("def track", "def follow", "client.track: public object was removed (breaks callers)"),
        ("number: str,", "number: str, code: str,", "client.track: parameter was added as required"),
        ("deep: bool = False", "deep: bool", "client.track: parameter is now required"),
        ("def send(self, to: str)", "def send(self)", "client.Parcel.send: parameter was removed"),
    ],
)
def test_what_breaks_callers_says_so(before: str, after: str, line: str, tmp_path: Path) -> None:
    """A removed name, a new required parameter: code that works today stops working."""
    first = changes_of(tmp_path, OLD.replace(before, after))[0]

    assert first.startswith(line.removesuffix(" (breaks callers)"))
    assert first.endswith("(breaks callers)")


def test_what_is_new_breaks_nobody(tmp_path: Path) -> None:
    """It is told all the same."""
    assert changes_of(tmp_path, f"{OLD}\n\ndef cancel() -> None:\n    pass\n") == ["client.cancel: is new"]


def test_a_package_is_read_and_not_run(tmp_path: Path) -> None:
    """Generated code has not been vetted by whoever asks what it changes."""
    canary = tmp_path / "canary"

    changes_of(tmp_path, f"{OLD}\nopen({str(canary)!r}, 'w')\n")

    assert not canary.exists()


CHANGELOG = "# Changelog\n\n## 2.0 (unreleased)\n\n- One thing.\n\n## 1.0\n\n- The first.\n"
BROKEN = Change(breaks=True, name="client.track", what="public object was removed")


def test_the_changelog_gets_its_line_in_the_newest_section() -> None:
    """With the verdict first; older sections stay as they are, and the same line comes once."""
    once = noted(CHANGELOG, [BROKEN])

    assert once == CHANGELOG.replace(
        "- One thing.\n",
        "- One thing.\n"
        "- The client was regenerated with 1 change of its public API, 1 of them break callers: "
        "`client.track` public object was removed.\n",
    )
    assert noted(once, [BROKEN]) == once


def test_without_changes_the_changelog_stays() -> None:
    """Also one that has no section yet."""
    assert noted(CHANGELOG, []) == CHANGELOG
    assert noted("# Changelog\n", [BROKEN]) == "# Changelog\n"


def test_many_changes_are_counted_and_the_first_ones_named() -> None:
    """A changelog is read by people."""
    many = [Change(breaks=False, name=f"client.f{n}", what="is new") for n in range(20)]

    text = noted(CHANGELOG, many)

    assert "20 changes of its public API, none breaks callers" in text
    assert "and 12 more." in text
