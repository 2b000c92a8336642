"""The page that sets and removes faults."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from novapost_mock.console.rendering import back_to, page
from novapost_mock.console.state_pages import done
from novapost_mock.console.texts import Texts
from novapost_mock.console.visit import ProblemError, Visit
from novapost_mock.faults.fault import LONGEST_DELAY, MAX_FAULTS, Armed, Fault
from novapost_mock.faults.json import KINDS, label, read_fault
from novapost_mock.messages import Reply

OFFERED = tuple(kind for kind in KINDS if kind != "reset")
"""The kinds in the form; `reset` is short for `reset-before`."""

FIELDS = ("kind", "operation", "status", "delay_seconds", "times", "on_call")
"""The fields of the form, each with a text that says what may stand in it."""

_WHOLE = ("status", "times", "on_call")


def show(visit: Visit) -> Reply:
    """GET faults: the active faults, and the form."""
    return _show(visit, 200, {})


def arm(visit: Visit) -> Reply:
    """POST faults: add one fault to the active ones."""
    try:
        fault = read_fault(_given(visit))
        visit.mock.arm(*remaining(visit.mock.faults()), fault)
    except ValueError as error:
        # Texts of `novapost_mock.faults`, which repeat no input; the position in a list means nothing here.
        reason = str(error)
        return _show(
            visit, 400, visit.form, reason.partition(": ")[2] if reason.startswith("fault ") else reason
        )
    return back_to("faults", "armed")


def disarm(visit: Visit) -> Reply:
    """POST faults/disarm: remove one fault by its number on the page, or all."""
    number = visit.field("number")
    if number == "all":
        visit.mock.disarm()
        return back_to("faults", "disarmed")
    armed = visit.mock.faults()
    if not (number.isascii() and number.isdigit() and len(number) <= 3 and 1 <= int(number) <= len(armed)):
        raise ProblemError(400, "problem.form")
    del armed[int(number) - 1]
    visit.mock.arm(*remaining(armed))
    return back_to("faults", "disarmed")


def remaining(armed: Sequence[Armed]) -> list[Fault]:
    """Return the active faults with their remaining counts; setting faults begins all counts at zero."""
    found = []
    for each in armed:
        if each.left != 0:
            on_call = each.fault.on_call
            rest = None if on_call is None else max(1, on_call - each.calls)
            found.append(replace(each.fault, times=each.left, on_call=rest))
    return found


def rejection_text(t: Texts, reason: str) -> tuple[str, str]:
    """Return why a fault was refused in the reader's language, and the field that is wrong.

    Args:
        t: the reader's texts.
        reason: the sentence of `novapost_mock.faults`, which begins with the name of what is wrong.

    Returns:
        the sentence, empty if there is none in this language; the field's name, empty if the form has no such
        field.
    """
    if reason.startswith("no more than "):
        return t("refused.full", most=MAX_FAULTS), ""
    if reason.startswith("a fault needs "):
        return t("refused.none"), "delay_seconds"
    field = reason.partition(" ")[0]
    if field not in FIELDS:
        return "", ""
    return t(f"refused.{field}", most=f"{LONGEST_DELAY:g}"), field


def _show(visit: Visit, status: int, given: Any, reason: str = "") -> Reply:
    refused, field = rejection_text(visit.texts, reason)
    operations = [(label(each), f"{each.method} {each.path}") for each in visit.mock.document.operations]
    armed = [
        {
            "does": _effects(visit.texts, each.fault),
            "operation": each.fault.operation,
            "acted": each.acted,
            "left": each.left,
        }
        for each in visit.mock.faults()
    ]
    return page(
        visit,
        "faults",
        status,
        armed=armed,
        kinds=OFFERED,
        operations=operations,
        given=given,
        refused=refused,
        reason=reason,
        field=field,
        did=done(visit),
    )


def _effects(t: Texts, fault: Fault) -> list[str]:
    """Return what a fault does, in the words of the form, with the numbers that matter most."""
    numbers = {"status": fault.status, "delay": f"{fault.delay_seconds:g}"}
    return [
        t(f"armed.{name}", number=numbers[name]) if name in numbers else t(f"kind.{name}")
        for name in fault.names
    ]


def _given(visit: Visit) -> dict[str, Any]:
    """Return the form as `read_fault` takes it; what is no number is refused there."""
    given: dict[str, Any] = {"kind": visit.field("kind")}
    if visit.field("operation"):
        given["operation"] = visit.field("operation")
    for name in _WHOLE:
        text = visit.field(name)
        if text:
            given[name] = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else text
    delay = visit.field("delay_seconds")
    if delay:
        try:
            given["delay_seconds"] = float(delay[:20])
        except ValueError:
            given["delay_seconds"] = delay
    return given
