"""Read a rendered page: the text that a browser shows of the reference page of a documentation site.

A row of a field comes as one line without blanks between its cells: "phonestringRequired",
"createdAtstring · date-timeRequiredExample: 2025-08-27". Only the open tab of the answers is shown.
"""

import re
from collections.abc import Sequence

from scripts.drift.pages.nested import place
from scripts.drift.pages.shown import Reading, ShownAnswer, ShownBody, ShownField, ShownOperation
from scripts.lib.errors import Refusal

MAX_LINES = 100_000
MAX_OPERATIONS = 2_000

_METHOD = re.compile(r"(get|put|post|delete|patch|head|options|trace)", re.IGNORECASE)
_METHOD_AND_PATH = re.compile(r"(get|put|post|delete|patch|head|options|trace)\s*(/\S*)", re.IGNORECASE)
_PATH = re.compile(r"/[^\s]*")
_STATUS = re.compile(r"([1-5](?:\d\d|XX)|default)(?:[ :–-]+([A-Z][\w' -]{1,40}))?")
_MEDIA_TYPE = re.compile(r"[a-z]+/[\w.+*-]+(?:;\s*[\w=.-]+)*")
_GROUPS = {
    "body": "body",
    "request body": "body",
    "requestbody": "body",
    "responses": "answers",
    "response": "answers",
    "path parameters": "path",
    "query parameters": "query",
    "query": "query",
    "header parameters": "header",
    "headers": "header",
    "cookie parameters": "cookie",
    "authorizations": "security",
    "authorization": "security",
}
_ROW = re.compile(
    r"(?P<name>[A-Za-z_$@][\w.$@\[\]-]{0,99}?)(?P<star>\*?)\s*"
    r"(?P<kind>string|integer|number|boolean|array|object|any|null|file)(?P<list>\[\])?"
    r"(?P<rest>\s*(?:$|[·•|(].*|(?:enum|required|optional|nullable|deprecated|read-?only|write-?only"
    r"|example|examples|possible values|default|pattern)\b.*|(?:Required|Optional|Nullable|Deprecated|Example"
    r"|Possible values|Default|Pattern|Read-?only|Write-?only).*))"
)
_LABEL = re.compile(r"(Examples?|Possible values|Allowed values|Default|Pattern)\s*:\s*")
_FLAG = re.compile(
    r"\s*[·•|,()]*\s*(?P<flag>required|optional|nullable|deprecated|enum|read-?only|write-?only)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\s*[·•|,()]*\s*(?P<name>min|max|minimum|maximum|min length|max length|min items|max items)\s*[:=]?\s*"
    r"(?P<number>-?\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"\s*[·•|(]\s*(?P<format>[a-z][a-z0-9-]*?)\)?(?=\s*(?:$|[·•|,)]|[A-Z]|required|optional))"
)
_VALUE = re.compile(r"[•*\-`\"']*\s*([^\s`\"',|]+)[`\"']*,?")


def read_rendered(text: str) -> Reading:
    """Return what a rendered page shows; without operations if it shows none.

    Raises:
        Refusal: there is more than is read.
    """
    written = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [line.strip() for line in written]
    if len(lines) > MAX_LINES:
        raise Refusal("page", f"has more than {MAX_LINES} lines; divide it")
    reading = Reading(next((line for line in lines[:20] if 0 < len(line) < 80 and line[-1] not in ".:"), ""))
    by_name: dict[str, ShownOperation] = {}
    taken: dict[str, set[int]] = {}
    at = 0
    reader: _Reader | None = None
    while at < len(lines):
        found = _operation_at(lines, at)
        if found is None:
            if reader is not None:
                if reader.take(lines[at], at + 1, _depth(written[at])):
                    taken[reader.operation.name].add(at + 1)
                if reader.is_over(lines, at):
                    reader = None
            at += 1
            continue
        method, path, after = found
        name = f"{method.upper()} {path}"
        taken.setdefault(name, set()).update(range(at + 1, after + 1))
        # A site shows method and path again below the operation, on the button that tries it out.
        if reader is not None and (reader.operation.method, reader.operation.path) == (method, path):
            reader = None
        elif name not in by_name:
            if len(by_name) >= MAX_OPERATIONS:
                raise Refusal("page", f"shows more than {MAX_OPERATIONS} operations; divide it")
            by_name[name] = ShownOperation(method, path, _summary(lines, at), line=at + 1)
            reader = _Reader(by_name[name])
        else:
            reader = None
        at = after
    reading.operations = [one for one in by_name.values() if _says_something(one)]
    for one in reading.operations:
        reading.taken |= taken[one.name]
    return reading


def _says_something(operation: ShownOperation) -> bool:
    """Return whether more than method and path is shown; a table of contents shows no more."""
    return bool(operation.answers or operation.body or operation.parameters)


def _operation_at(lines: Sequence[str], at: int) -> tuple[str, str, int] | None:
    """Return method, path and the line after them, if an operation begins on a line."""
    if _METHOD.fullmatch(lines[at]):
        after = next((n for n in range(at + 1, min(at + 4, len(lines))) if lines[n]), None)
        if after is not None and _PATH.fullmatch(lines[after]):
            return lines[at].lower(), lines[after], after + 1
    both = _METHOD_AND_PATH.fullmatch(lines[at])
    return (both[1].lower(), both[2], at + 1) if both else None


def _summary(lines: Sequence[str], at: int) -> str:
    before = next((lines[n] for n in range(at - 1, max(at - 5, -1), -1) if lines[n]), "")
    return before.lstrip("# ") if len(before) < 200 and before[-1:] not in (".", ":", ";") else ""


class _Reader:
    """Takes the lines of one operation."""

    def __init__(self, operation: ShownOperation) -> None:
        self.operation = operation
        self._group = "description"
        self._field: ShownField | None = None
        self._waits_for_values = False
        # The rows that a deeper one may stand in, with their depths.
        self._open: list[tuple[int, ShownField]] = []

    def is_over(self, lines: Sequence[str], at: int) -> bool:
        """Return whether the page goes on with something else: a heading after the answers."""
        is_alone = all(not lines[n] for n in (at - 1, at + 1) if 0 <= n < len(lines))
        text = lines[at]
        is_heading = text.startswith("#") or (" " in text and text[:1].isupper() and text[-1] not in ".:;,!?")
        return (
            self._group == "answers"
            and bool(self._body().fields)
            and bool(text)
            and is_alone
            and (is_heading and not _LABEL.match(text))
        )

    def take(self, line: str, number: int, depth: int = 0) -> bool:
        """Take a line; return False for one that says nothing that is read here."""
        if not line:
            if self._group == "description" and self.operation.description:
                self.operation.description.append("")
            return True
        group = _GROUPS.get(line.rstrip(":").casefold())
        if group is not None:
            self._group, self._field, self._waits_for_values, self._open = group, None, False, []
            if group == "body":
                self.operation.body = ShownBody()
            return True
        if self._group == "description":
            self.operation.description.append(line)
        elif self._group == "answers" and (status := _STATUS.fullmatch(line)):
            told = [status[2].strip()] if status[2] else []
            self.operation.answers.append(ShownAnswer(status[1], told, line=number))
            self._field, self._waits_for_values, self._open = None, False, []
        elif self._group in ("body", "answers") and _MEDIA_TYPE.fullmatch(line):
            self._body().media_type = line.partition(";")[0].strip()
        elif row := _ROW.fullmatch(line):
            return self._add(row, number, depth)
        else:
            return self._text(line)
        return True

    def _body(self) -> ShownBody:
        if self._group == "answers" and self.operation.answers:
            return self.operation.answers[-1].body
        if self.operation.body is None or self._group == "answers":
            return ShownBody()
        return self.operation.body

    def _add(self, row: "re.Match[str]", number: int, depth: int) -> bool:
        one = ShownField(row["name"], row["kind"], line=number)
        one.is_required = bool(row["star"])
        if row["list"]:
            one.kind, one.items = "array", row["kind"]
        self._field, self._waits_for_values = one, False
        is_whole = self._details(one, row["rest"])
        if self._group in ("path", "query", "header", "cookie"):
            self.operation.parameters.append((self._group, one))
        elif self._group != "security":
            place(one, depth, self._body(), self._open)
        return is_whole

    def _text(self, line: str) -> bool:
        one = self._field
        if one is None:
            if self._group == "answers" and self.operation.answers:
                self.operation.answers[-1].description.append(line)
                return True
            return False
        if self._waits_for_values and (value := _VALUE.fullmatch(line)):
            one.values.append(value[1])
            return True
        if _LABEL.match(line):
            return self._details(one, line)
        if one.values or one.example is not None:
            return False
        one.description.append(line)
        return True

    def _details(self, one: ShownField, rest: str) -> bool:
        """Take what stands behind the type of a field; return whether all of it was understood."""
        pieces = _LABEL.split(rest)
        marks = pieces[0]
        while marks.strip():
            if limit := _LIMIT.match(marks):
                one.limits[_keyword(limit["name"], one.kind)] = _number(limit["number"])
                marks = marks[limit.end() :]
            elif flag := _FLAG.match(marks):
                _mark(one, flag["flag"].lower().replace("-", ""))
                marks = marks[flag.end() :]
            elif form := _FORMAT.match(marks):
                one.format = form["format"]
                marks = marks[form.end() :]
            else:
                break
        for label, text in zip(pieces[1::2], pieces[2::2], strict=True):
            self._label(one, label, text.strip())
        return not marks.strip()

    def _label(self, one: ShownField, label: str, text: str) -> None:
        if label.startswith("Example"):
            one.example = text or None
        elif label == "Default":
            one.limits["default"] = text
        elif label == "Pattern":
            one.limits["pattern"] = text.strip("`")
        else:
            one.is_enum = True
            one.values += [value for value in re.split(r"[\s,|`\"'•]+", text) if value]
            self._waits_for_values = not text


def _mark(one: ShownField, flag: str) -> None:
    if flag == "required":
        one.is_required = True
    elif flag == "enum":
        one.is_enum = True
    elif flag != "optional":
        names = {"readonly": "readOnly", "writeonly": "writeOnly"}
        one.limits[names.get(flag, flag)] = True


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _keyword(name: str, kind: str) -> str:
    start = "min" if name.lower().startswith("min") else "max"
    what = {"string": "Length", "array": "Items"}.get(kind, "imum")
    return start + what


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
