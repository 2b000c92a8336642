"""Faults as JSON: what `PUT /__mock__/faults` takes.

Names that a reader would guess are taken for the same thing; everything else is refused, since a fault that
is misspelt and passed over makes a test pass for nothing. No message repeats what was sent.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from novapost_mock.document.document import Document
from novapost_mock.document.operation import Operation
from novapost_mock.faults.fault import MAX_FAULTS, Fault

KINDS: Mapping[str, Mapping[str, Any]] = {
    "status": {"status": 503},
    "delay": {"delay_seconds": 1.0},
    "reset": {"reset": "before"},
    "reset-before": {"reset": "before"},
    "reset-inside": {"reset": "inside"},
    "truncated": {"body": "truncated"},
    "malformed": {"body": "malformed"},
    "html": {"body": "html"},
    "garbage": {"body": "garbage"},
    "content-type": {"content_type": "text/plain"},
    "drip": {"drip_bytes": 1, "drip_seconds": 0.05},
    "raw": {"raw": True},
    "timeout": {"timeout": True},
}
"""Faults by name, `{"kind": "html"}`, and what each stands for; what is given beside it goes before."""

SYNONYMS: Mapping[str, str] = {
    "delay": "delay_seconds",
    "jitter": "jitter_seconds",
    "operationId": "operation",
    "type": "kind",
    "fault": "kind",
    "count": "times",
}
_WORD = re.compile(r"[A-Za-z_-]{1,40}")
_FLAGS = ("truncated", "malformed", "html", "garbage")
_FIELDS = tuple(each.name for each in fields(Fault))


def read_faults(value: Any) -> list[Fault]:
    """Read a list of faults, or an object with such a list as `faults`.

    Raises:
        ValueError: it is something else, or one of them is wrong; the message gives its position.
    """
    if isinstance(value, dict) and value.keys() == {"faults"}:
        value = value["faults"]
    if not isinstance(value, list):
        raise ValueError('the body is a list of faults, or {"faults": [...]}')
    if len(value) > MAX_FAULTS:
        raise ValueError(f"no more than {MAX_FAULTS} faults")
    found = []
    for position, each in enumerate(value):
        try:
            found.append(read_fault(each))
        except ValueError as error:
            raise ValueError(f"fault {position}: {error}") from None
    return found


def read_fault(value: Any) -> Fault:
    """Read one fault.

    Raises:
        ValueError: it is no object, has an unknown property, or a value is wrong.
    """
    if isinstance(value, Fault):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("a fault is a JSON object")
    given: dict[str, Any] = {}
    for name, each in value.items():
        name, each = _plain(name, each)
        if name in given:
            raise ValueError(f"{name} is given twice")
        given[name] = each
    if "method" in given or "path" in given:
        given["operation"] = _operation_of(given)
    settings = {**_kind(given.pop("kind")), **given} if "kind" in given else given
    return Fault(**{name: each for name, each in settings.items() if each is not None})


def resolved(fault: Fault, document: Document) -> Fault:
    """Return the fault with its operation named as the mock names it.

    Raises:
        ValueError: the document has no such operation.
    """
    if not fault.operation:
        return fault
    for operation in document.operations:
        if fault.operation in (operation.operation_id, f"{operation.method} {operation.path}"):
            return replace(fault, operation=label(operation))
    method, _, path = fault.operation.partition(" ")
    base = document.base_path
    whole = path if path.startswith(f"{base}/") else f"{base}{path}"
    found = document.at(tuple(whole.removeprefix("/").split("/"))).get(method.upper())
    if not path.startswith("/"):
        found = None
    if found is None:
        raise ValueError("operation is the operationId, or METHOD and /path, of one in the document")
    return replace(fault, operation=label(found))


def label(operation: Operation) -> str:
    """Return the name under which faults and journal know an operation."""
    return operation.operation_id or f"{operation.method} {operation.path}"


def resolved_all(faults: Sequence[Fault], document: Document) -> list[Fault]:
    """Return the faults with their operations named as the mock names them. See `resolved`."""
    found = []
    for position, fault in enumerate(faults):
        try:
            found.append(resolved(fault, document))
        except ValueError as error:
            raise ValueError(f"fault {position}: {error}") from None
    return found


def _plain(name: Any, value: Any) -> tuple[str, Any]:
    """Return a property under the name that `Fault` has for it."""
    name = SYNONYMS.get(name, name)
    if name == "delay_ms":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("delay_ms is a number")
        # Above the bound everything is refused; dividing first could overflow.
        return "delay_seconds", min(value, 1e9) / 1000
    if name == "reset" and isinstance(value, bool):
        return name, "before" if value else None
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false")
        return "body", name if value else None
    if name == "operation" and value in (None, "*"):
        return name, ""
    if name not in (*_FIELDS, "kind", "method", "path"):
        raise ValueError(f"a fault has no other properties than: kind, {', '.join(_FIELDS)}{_hint(name)}")
    return name, value


def _hint(name: Any) -> str:
    """Return a hint at an unknown name if it is a word: a typing error is shown, and a secret has digits."""
    if not isinstance(name, str) or not _WORD.fullmatch(name):
        return ""
    near = difflib.get_close_matches(name, ("kind", *_FIELDS), 1)
    return f"; {name} is none of them" + (f" ({near[0]}?)" if near else "")


def _kind(value: Any) -> Mapping[str, Any]:
    found = KINDS.get(value.replace("_", "-")) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"kind is one of: {', '.join(KINDS)}")
    return found


def _operation_of(given: dict[str, Any]) -> str:
    method, path = given.pop("method", None), given.pop("path", None)
    if not isinstance(method, str) or not isinstance(path, str) or "operation" in given:
        raise ValueError("an operation is given as operation, or as method and path")
    return f"{method} {path}"
