"""A recording of one side: the script's answers without secrets, and where, when and from what they came."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract_tests.checks.document import EFFECTIVE
from contract_tests.novapost.parity.answers import Answer
from contract_tests.novapost.parity.script import SCRIPT, Step
from contract_tests.target.dates import parse_date
from scripts.lib.paths import ROOT

FOLDER = ROOT / "contract_tests" / "recordings"
FORMAT = 1
_LARGEST = 1024 * 1024
PROVES = {
    "mock": "the machinery only: both sides are our own mock, so nothing is said about the vendor",
    "sandbox": "what the vendor's sandbox answered at that time",
    "url": "what a server given by its address answered at that time",
}


class BadRecording(Exception):
    """A recording that cannot be replayed; the message says why and what to do."""


@dataclass(frozen=True)
class Recording:
    """The answers of one side by the names of the steps; None for a step that was left out."""

    source: str
    recorded_at: datetime
    answers: dict[str, Answer | None]

    def write(self, path: Path) -> None:
        """Write it, provenance first; readers see the old file or the new one.

        Raises:
            OSError: it cannot be written.
        """
        tree = {
            "format": FORMAT,
            "recordedFrom": self.source,
            "proves": PROVES[self.source],
            "recordedAt": self.recorded_at.astimezone(UTC).isoformat(timespec="seconds"),
            "documentSha256": document_sha256(),
            "scriptSha256": script_sha256(),
            "secrets": "keys and tokens are numbered placeholders, the registered phone is left out",
            "steps": [
                {
                    "name": step.name,
                    "request": request_of(step),
                    "answer": answer.written() if answer else None,
                }
                for step in SCRIPT
                for answer in [self.answers.get(step.name)]
            ],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(tree, indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
        new.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Recording":
        """Return a recording that was made of this script, whatever the document said then.

        Raises:
            BadRecording: it cannot be read, or was made of another script.
        """
        try:
            content = path.read_bytes()
            if len(content) > _LARGEST:
                raise BadRecording(f"{path.name}: more than {_LARGEST // 1024} KiB")
            tree = json.loads(content)
            if tree["format"] != FORMAT:
                raise BadRecording(f"{path.name}: format {tree['format']!r}, not {FORMAT}")
            if tree["scriptSha256"] != script_sha256():
                raise BadRecording(f"{path.name}: made of another script; make record writes it anew")
            recorded_at = parse_date(tree["recordedAt"])
            if recorded_at is None or tree["recordedFrom"] not in PROVES:
                raise BadRecording(f"{path.name}: does not say when and from what it was made")
            answers = {step["name"]: step["answer"] and Answer.read(step["answer"]) for step in tree["steps"]}
        except (OSError, ValueError, RecursionError, LookupError, TypeError) as error:
            raise BadRecording(f"{path.name}: cannot be read: {type(error).__name__}") from error
        return cls(tree["recordedFrom"], recorded_at, answers)


def request_of(step: Step) -> dict[str, Any]:
    """Return a step's request as a recording shows it; the placeholders stand where secrets will."""
    request: dict[str, Any] = {"method": step.method, "path": step.path}
    if step.query:
        request["query"] = [list(pair) for pair in step.query]
    if step.json is not None:
        request["json"] = step.json
    if step.content is not None:
        request["content"] = step.content.decode("latin-1")
    return request


def asked(step: Step) -> str:
    """Return a step's request on one line, for a finding."""
    request = request_of(step)
    method, path = request.pop("method"), request.pop("path")
    return f"{method} {path} {json.dumps(request)}" if request else f"{method} {path}"


def script_sha256(script: Sequence[Step] = SCRIPT) -> str:
    """Return a fingerprint of the script's requests: a recording of another script answers other requests."""
    text = json.dumps([[step.name, step.needs, request_of(step)] for step in script], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def document_sha256() -> str:
    """Return the document that both sides are held against."""
    return hashlib.sha256(EFFECTIVE.read_bytes()).hexdigest()
