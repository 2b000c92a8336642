"""A server that keeps to documents/lists.yaml: versions, pages, files, forms, things made elsewhere."""

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from contract_tests.self_tests.honest.whole_body import whole_body
from contract_tests.target.local_server import running

# With the test that finds it, and the check; of most, each answer alone is as the document has it.
DEFECTS = {
    "the-tag-stays": ("another_state_is_another_version", "a-version-names-one-state"),
    "the-tag-is-ignored": ("a_change_of_another_version", "another-version-is-refused"),
    "location-elsewhere": ("the_location_of_a_new_thing", "location-leads-to-the-thing"),
    "closed-in-the-answer-alone": ("what_an_action_tells", "state-is-kept"),
    "put-merges": ("a_replacement_replaces_all", "replacement-replaces"),
    "patch-resets": ("a_change_of_one_member", "patch-leaves-the-rest"),
    "patch-is-lost": ("a_change_of_one_member", "state-is-kept"),
    "another-default": ("what_is_left_out", "default-is-the-documented-one"),
    "the-form-loses": ("a_form_says_the_same", "media-types-say-the-same"),
    "the-file-is-text": ("a_file_comes_back", "file-comes-back"),
    "pages-overlap": ("pages_have_no_gap", "pages-join"),
    "total-of-the-page": ("the_number_of_all_things", "total-counts-all"),
    "the-owner-is-ignored": ("a_list_keeps_to_what_was_asked", "filter-is-kept"),
    "latin-alone": ("a_text_may_hold_any_character", "status-fits-the-request"),
    "half-a-text": ("a_text_may_hold_any_character", "text-is-kept"),
    "one-letter-less": ("a_member_at_a_bound", "fitting-value-is-taken"),
    "odd-state-of-what-exists": ("every_keyword_keeps or every_answer_keeps", "body-fits-the-schema"),
}


class Refused(Exception):
    """A status without a body."""


def _object(body: bytes, kind: str, allowed: dict[str, Callable[[Any], bool]]) -> dict[str, Any]:
    try:
        if kind == "application/x-www-form-urlencoded":
            found: Any = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
            found |= {n: json.loads(v) for n, v in found.items() if n == "shared" and v in ("true", "false")}
        else:
            found = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400) from None
    if not isinstance(found, dict) or any(n not in allowed or not allowed[n](v) for n, v in found.items()):
        raise Refused(400)
    return found


def _text(most: int = 40) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and 1 <= len(value) <= most


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII) or not least <= int(text) <= most:
        raise Refused(400)
    return int(text)


class Lists:
    """What the server holds."""

    def __init__(self, defects: Collection[str]) -> None:
        self.defects = defects
        self.ids = itertools.count(1)
        self.lists: dict[int, dict[str, Any]] = {}
        self.tasks: dict[int, dict[str, Any]] = {}
        self.covers: dict[int, bytes] = {}
        self.list_members = {
            "title": _text(),
            "owner": _text(39 if "one-letter-less" in self.defects else 40),
            "shared": lambda value: isinstance(value, bool),
        }
        self.task_members = {
            "title": _text(),
            "note": _text(),
            "state": lambda value: value in ("open", "done"),
        }

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any, dict[str, str]]:
        """Return status, body and headers."""
        split = urlsplit(handler.path)
        kind = handler.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        _, *names = split.path.split("/")
        match handler.command.replace("HEAD", "GET"), names:
            case "GET", ["lists"]:
                return 200, self.page(parse_qs(split.query, keep_blank_values=True)), {}
            case "POST", ["lists"]:
                return self.create(body, kind)
            case method, ["lists", number, *rest]:
                one = self.lists.get(int(number) if number.isdecimal() else 0)
                if one is None:
                    raise Refused(404)
                return self.about(handler, method, one, rest, body)
            case "GET", ["tasks", number]:
                return 200, self.task(number), {}
            case "PATCH", ["tasks", number]:
                return 200, self.change(self.task(number), body), {}
        raise Refused(404)

    def page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Return some of the lists."""
        limit = _number(query.get("limit", ["20"])[-1], 1, 50)
        offset = _number(query.get("offset", ["0"])[-1], 0, 10**18)
        if "cursor" in query or len(query.get("owner", [""])[-1]) > 40:
            raise Refused(400)
        some = list(self.lists.values())
        if "owner" in query and "the-owner-is-ignored" not in self.defects:
            some = [each for each in some if each.get("owner") == query["owner"][-1]]
        start = offset - ("pages-overlap" in self.defects and offset > 0)
        items = some[start : start + limit]
        return {"items": items, "total": len(items if "total-of-the-page" in self.defects else some)}

    def create(self, body: bytes, kind: str) -> tuple[int, Any, dict[str, str]]:
        """Create a list."""
        told = _object(body, kind, self.list_members)
        if "title" not in told:
            raise Refused(400)
        if "the-form-loses" in self.defects and "form" in kind and told.get("shared"):
            told["shared"] = False
        if "latin-alone" in self.defects:
            told["title"].encode("latin-1")
        if "half-a-text" in self.defects:
            told["title"] = told["title"][:20]
        one = {"id": next(self.ids), "closed": False, **told}
        self.lists[one["id"]] = one
        place = "/list/" if "location-elsewhere" in self.defects else "/lists/"
        return 201, one, {"Location": f"{place}{one['id']}"}

    def about(
        self, handler: BaseHTTPRequestHandler, method: str, one: dict[str, Any], rest: list[str], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        """Do something with a list."""
        match method, rest:
            case "GET", []:
                return 200, one, {"ETag": self.tag(one)}
            case "PUT", []:
                return 200, self.replace(one, body, handler.headers.get("If-Match")), {}
            case "POST", ["close"]:
                if "closed-in-the-answer-alone" in self.defects:
                    return 200, {**one, "closed": True}, {}
                one["closed"] = True
                return 200, one, {}
            case "PUT", ["cover"]:
                text = "the-file-is-text" in self.defects
                self.covers[one["id"]] = body.decode("utf-8", "replace").encode() if text else body
                return 204, None, {}
            case "GET", ["cover"] if one["id"] in self.covers:
                return 200, self.covers[one["id"]], {}
            case "POST", ["tasks"]:
                return 201, self.add(body), {}
        raise Refused(404)

    def tag(self, one: dict[str, Any]) -> str:
        """Return the version of a list."""
        shown = one["id"] if "the-tag-stays" in self.defects else one
        return f'"{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]}"'

    def replace(self, one: dict[str, Any], body: bytes, tag: str | None) -> dict[str, Any]:
        """Replace what a client can write."""
        told = _object(body, "", self.list_members)
        if "title" not in told:
            raise Refused(400)
        if tag not in (None, "*", self.tag(one)) and "the-tag-is-ignored" not in self.defects:
            raise Refused(412)
        if "put-merges" not in self.defects:
            one.pop("owner", None)
            one.pop("shared", None)
        one.update(told)
        return one

    def add(self, body: bytes) -> dict[str, Any]:
        """Add a task."""
        told = _object(body, "", self.task_members)
        if "title" not in told:
            raise Refused(400)
        state = "done" if "another-default" in self.defects else "open"
        task = {"id": next(self.ids), "state": state, **told}
        self.tasks[task["id"]] = task
        return task

    def task(self, number: str) -> dict[str, Any]:
        """Return a task."""
        if not number.isdecimal() or int(number) not in self.tasks:
            raise Refused(404)
        return self.tasks[int(number)]

    def change(self, task: dict[str, Any], body: bytes) -> dict[str, Any]:
        """Change a task."""
        told = _object(body, "", self.task_members)
        if "patch-is-lost" in self.defects:
            return {**task, **told}
        if "patch-resets" in self.defects:
            task["state"] = "open"
        # Honest: a member that depends on one other.
        if "the-note-goes-with-the-title" in self.defects and "title" in told and "note" not in told:
            task.pop("note", None)
        task.update(told)
        if "odd-state-of-what-exists" in self.defects and set(told) == {"title", "state"}:
            return {**task, "state": "odd"}
        return task


@contextmanager
def serving(defects: Collection[str] = ()) -> Iterator[str]:
    """Serve on a free port; gives the address without a path."""
    lists = Lists(defects)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

        def _do(self) -> None:
            value: Any
            try:
                status, value, headers = lists.answer(self, whole_body(self))
            except Refused as refused:
                status, value, headers = refused.args[0], None, {}
            except UnicodeError:
                status, value, headers = 500, None, {}
            content = value if isinstance(value, bytes) else json.dumps(value).encode()
            kind = "application/octet-stream" if isinstance(value, bytes) else "application/json"
            self.send_response(status)
            for name, each in {**headers, **({"Content-Type": kind} if value is not None else {})}.items():
                self.send_header(name, each)
            if status != 204:
                self.send_header("Content-Length", str(0 if value is None else len(content)))
            self.end_headers()
            if value is not None and self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = _do  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with running(server) as address:
        yield address
