"""A to-do server that keeps to documents/todo.yaml, with switches for defects; no code of the mock."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contract_tests.self_tests.honest.whole_body import whole_body
from contract_tests.target.local_server import running

KEY = "sesame-open-7"
# Each breaks the document in one place; `make contract DOCUMENT=` has to notice all of them.
DEFECTS = (
    "any-key",
    "charset-is-refused",
    "delete-deletes-all",
    "done-is-not-filtered",
    "error-without-status",
    "get-gives-another",
    "limit-is-ignored",
    "location-is-missing",
    "maximum-off-by-one",
    "nothing-is-deleted",
    "nothing-is-kept",
    "put-is-lost",
    "query-wins",
    "title-may-be-missing",
    "total-is-text",
    "unknown-members-are-taken",
)


class Tasks:
    """The tasks, and which defect there is."""

    def __init__(self, defect: str) -> None:
        self.defect = defect
        self.kept: dict[int, dict[str, Any]] = {}
        self.last = 0

    def fault(self, body: Any) -> bool:
        """Return whether a body is refused."""
        if not isinstance(body, dict):
            return True
        if self.defect != "unknown-members-are-taken" and body.keys() - {"title", "priority", "due", "done"}:
            return True
        title, priority, due = body.get("title"), body.get("priority", 1), body.get("due")
        if "title" in body or self.defect != "title-may-be-missing":
            longest = 79 if self.defect == "maximum-off-by-one" else 80
            if not isinstance(title, str) or not 1 <= len(title) <= longest:
                return True
        if (
            isinstance(priority, bool)
            or not isinstance(priority, int | float)
            or priority not in (1, 2, 3, 4, 5)
        ):
            return True
        return not isinstance(body.get("done", False), bool) or not _is_date(due)

    def task(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        """Return what becomes of a body."""
        task: dict[str, Any] = {"id": number, "title": "none", "priority": 1, "done": False} | body
        return task | {"priority": int(task["priority"])}


def _is_date(text: Any) -> bool:
    if text is None:
        return True
    try:
        return (
            isinstance(text, str)
            and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text))
            and bool(date.fromisoformat(text))
        )
    except ValueError:
        return False


@contextmanager
def serving(defect: str = "") -> Iterator[str]:
    """Serve on a free port; gives the address without a path."""
    tasks = Tasks(defect)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def _say(self, status: int, body: Any = None, headers: dict[str, str] | None = None) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Type", f"application/{'problem+' * (status >= 400)}json")
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def _refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
            body: dict[str, Any] = {"title": "no", "status": status}
            if tasks.defect == "error-without-status":
                del body["status"]
            self._say(status, body, headers)

        def _answer(self) -> Any:
            content = whole_body(self)
            url = urlsplit(self.path)
            found = re.fullmatch(r"/api/v1/tasks(?:/([^/]+))?", url.path)
            if not found:
                return self._refuse(404)
            methods = ("GET", "PUT", "DELETE") if found[1] else ("GET", "POST")
            if self.command not in methods:
                return self._refuse(405, {"Allow": ", ".join(methods)})
            key = self.headers.get("X-API-Key")
            if key != KEY and not (tasks.defect == "any-key" and key):
                return self._refuse(401)
            number = int(found[1]) if found[1] and found[1].isdecimal() and found[1].isascii() else 0
            if found[1] and number not in tasks.kept:
                return self._refuse(404)
            return getattr(self, f"_{self.command.lower()}_{'one' if found[1] else 'all'}")(
                number, content, parse_qs(url.query, keep_blank_values=True)
            )

        def _body(self, content: bytes) -> Any:
            try:
                return json.loads(content)
            except ValueError:
                return None

        def _get_all(self, number: int, content: bytes, query: dict[str, list[str]]) -> None:
            listed = list(tasks.kept.values())
            if "done" in query:
                if query["done"][0] not in ("true", "false"):
                    return self._refuse(400)
                if tasks.defect != "done-is-not-filtered":
                    listed = [task for task in listed if task["done"] == (query["done"][0] == "true")]
            if "limit" in query:
                if (
                    not re.fullmatch(r"[0-9]{1,2}", query["limit"][0])
                    or not 1 <= int(query["limit"][0]) <= 50
                ):
                    return self._refuse(400)
                if tasks.defect != "limit-is-ignored":
                    listed = listed[: int(query["limit"][0])]
            total = "many" if tasks.defect == "total-is-text" else str(len(tasks.kept))
            return self._say(200, listed, {"X-Total-Count": total})

        def _post_all(self, number: int, content: bytes, query: dict[str, list[str]]) -> None:
            body = self._body(content)
            if tasks.fault(body):
                return self._refuse(400)
            if (
                tasks.defect == "charset-is-refused"
                and "charset" in self.headers.get("Content-Type", "").lower()
            ):
                return self._refuse(415)
            if tasks.defect == "query-wins" and "title" in query:
                body["title"] = query["title"][0]
            tasks.last += 1
            task = tasks.task(tasks.last, body)
            if tasks.defect != "nothing-is-kept":
                tasks.kept[tasks.last] = task
            location = {"Location": f"/api/v1/tasks/{tasks.last}"}
            return self._say(201, task, None if tasks.defect == "location-is-missing" else location)

        def _get_one(self, number: int, content: bytes, query: object) -> None:
            shown = next(iter(tasks.kept)) if tasks.defect == "get-gives-another" else number
            self._say(200, tasks.kept[shown])

        def _put_one(self, number: int, content: bytes, query: object) -> None:
            body = self._body(content)
            if tasks.fault(body):
                return self._refuse(400)
            task = tasks.task(number, body)
            if tasks.defect != "put-is-lost":
                tasks.kept[number] = task
            return self._say(200, task)

        def _delete_one(self, number: int, content: bytes, query: object) -> None:
            if tasks.defect == "delete-deletes-all":
                tasks.kept.clear()
            elif tasks.defect != "nothing-is-deleted":
                del tasks.kept[number]
            self._say(204)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with running(server) as address:
        yield address
