"""An assertion that does not hold in a contract test, in words: it is a finding about the target."""

import ast
import linecache
from types import FrameType, TracebackType

from scripts.lib.paths import CONTRACT

_LONGEST = 200
_SHOWN = (bool, int, float, type(None))


def of_a_contract_test(error: BaseException) -> str:
    """Return what an assertion of a contract test says; "" for any other error.

    One within the machinery that the test uses is a fault of ours. Values are shown where they are numbers:
    a text may be a secret.
    """
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(of_a_contract_test, error.exceptions)), "")
    if type(error) is not AssertionError or (last := _last(error.__traceback__)) is None:
        return ""
    frame = last.tb_frame
    if not any(frame.f_code.co_filename.startswith(f"{folder}/") for folder in CONTRACT):
        return ""
    if said := str(error).strip():
        return said.splitlines()[0][:_LONGEST]
    return _said(frame, last.tb_lineno)


def _last(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace


def _said(frame: FrameType, line: int) -> str:
    """Return the condition of the assert statement at a line, and the values of the numbers in it."""
    lines = linecache.getlines(frame.f_code.co_filename)
    try:
        found = [each for each in ast.walk(ast.parse("".join(lines))) if isinstance(each, ast.Assert)]
    except SyntaxError:
        found = []
    statement = next((each for each in found if each.lineno <= line <= (each.end_lineno or 0)), None)
    if statement is None:
        return "an assertion does not hold"
    known = [
        f"{ast.unparse(node)} is {value[0]!r}"
        for node in ast.walk(statement.test)
        if isinstance(node, ast.Name | ast.Attribute) and (value := _value(node, frame)) is not None
    ]
    words = ast.unparse(statement.test)[:_LONGEST]
    return f"does not hold: {words}" + (f" ({', '.join(dict.fromkeys(known))})" if known else "")


def _value(node: ast.expr, frame: FrameType) -> tuple[object] | None:
    """Return the value of a name or of an attribute; None where it must not be shown."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in frame.f_locals:
        return None
    value = frame.f_locals[node.id]
    for name in reversed(names):
        try:
            value = getattr(value, name)
        except Exception:  # a property may do anything; then there is nothing to show
            return None
    return (value,) if isinstance(value, _SHOWN) else None
