"""What a regeneration changes for those who call the client, found by comparing the two packages' source.

Neither package is imported: griffe reads them as text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import griffe

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, order=True)
class Change:
    """One change of the public API.

    Attributes:
        breaks: whether code that works with the old package may fail with the new one.
        name: the object's dotted name, such as "novapost_client.models.Error.errors".
        what: what happened to it.
    """

    breaks: bool
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}{' (breaks callers)' if self.breaks else ''}"


def changes(old: Path, new: Path) -> list[Change]:
    """Return the changes from the package in folder `old` to that in folder `new`, the breaking ones first.

    Raises:
        SyntaxError: a module is not Python.
    """
    before, after = _load(old), _load(new)
    found = {
        Change(breaks=True, name=_public_name(breakage.obj), what=_breakage_text(breakage))
        for breakage in griffe.find_breaking_changes(before, after)
        if not _is_internal(breakage.obj.path)
    }
    there = set(_names(before))
    found |= {Change(breaks=False, name=name, what="is new") for name in _names(after) if name not in there}
    return sorted(found, key=lambda change: (not change.breaks, change.name, change.what))


def _load(folder: Path) -> griffe.Module:
    loader = griffe.GriffeLoader(search_paths=[folder.parent], allow_inspection=False)
    module = loader.load(folder.name)
    if not isinstance(module, griffe.Module):
        raise SyntaxError(f"{folder.name} is no package")
    return module


def _breakage_text(breakage: griffe.Breakage) -> str:
    text = breakage.kind.value[:1].lower() + breakage.kind.value[1:]
    details = [str(value) for value in (breakage.old_value, breakage.new_value) if _is_plain(value)]
    return f"{text}: {' -> '.join(details)}" if details else text


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | griffe.Expr) and bool(str(value).strip()) and len(str(value)) < 60


def _public_name(obj: griffe.Object | griffe.Alias) -> str:
    return _COLOURS.sub("", obj.path)


def _is_internal(path: str) -> bool:
    """Return a name that callers have no business with: private ones, and the type variables of modules."""
    parts = path.split(".")
    return any(part.startswith("_") and part != "__init__" for part in parts) or parts[-1] == "T"


def _names(module: griffe.Module) -> Iterator[str]:
    """Yield the dotted name of every public class, function and attribute."""
    level: list[griffe.Object] = [module]
    while level:
        node = level.pop()
        for member in node.members.values():
            if member.is_alias or _is_internal(member.path):
                continue
            if isinstance(member, griffe.Object):
                if not member.is_module:
                    yield member.path
                if member.is_module or member.is_class:
                    level.append(member)
