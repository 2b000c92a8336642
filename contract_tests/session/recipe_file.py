"""recipes.toml: how statuses come about that a document alone does not tell. Lies beside the document."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs

from contract_tests.checks.document import Contract
from contract_tests.checks.knowledge import Recipe, Sender
from contract_tests.session.resources import followed
from contract_tests.session.sample_requests import CannotAsk, Samples
from contract_tests.target.exchange import Received
from contract_tests.target.targets import WrongUse
from scripts.lib.paths import ROOT

NAME = "recipes.toml"
SCHEMA = ROOT / "contract_tests" / "recipes.schema.json"
_LARGEST = 256 * 1024
_SAVED = re.compile(r"\{\{([A-Za-z0-9_]+)\}\}")


def read(file: Path, contract: Contract, samples: Samples) -> Mapping[tuple[str, int], Recipe]:
    """Return the recipes of a file by operation and status.

    Raises:
        WrongUse: the file cannot be used; the message names the recipe and what is wrong.
    """
    try:
        content = file.read_bytes()
        if len(content) > _LARGEST:
            raise WrongUse(f"{file.name}: more than {_LARGEST // 1024} KiB")
        tree = tomllib.loads(content.decode())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(f"{file.name}: {getattr(error, 'strerror', None) or error}") from error
    for fault in jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_bytes())).iter_errors(tree):
        where = "/".join(map(str, fault.instance_path)) or "the whole"
        raise WrongUse(f"{file.name}: {where}: {fault.message[:200]}")
    found: dict[tuple[str, int], Recipe] = {}
    for number, entry in enumerate(tree["recipe"], 1):
        for step in (*entry.get("before", ()), entry):
            if _operation(contract, step["operation"]) is None:
                raise WrongUse(f"{file.name}: recipe {number}: the document has no {step['operation']!r}")
        operation = _operation(contract, entry["operation"])
        assert operation is not None
        if operation.response(entry["status"]) is None:
            raise WrongUse(f"{file.name}: recipe {number}: {entry['status']} is not documented there")
        found[operation.label, entry["status"]] = _recipe(entry, contract, samples)
    return found


def _operation(contract: Contract, name: str) -> Any:
    return next((o for o in contract.operations if name in (o.label, o.operation_id)), None)


def _recipe(entry: Mapping[str, Any], contract: Contract, samples: Samples) -> Recipe:
    def run(sender: Sender, control: Any) -> Received:
        saved: dict[str, Any] = {}
        for step in entry.get("before", ()):
            answer = _sent(step, contract, samples, sender, saved)
            saved |= dict(_saved(step, answer))
        return _sent(entry, contract, samples, sender, saved)

    return run


def _sent(
    step: Mapping[str, Any], contract: Contract, samples: Samples, sender: Sender, saved: Mapping[str, Any]
) -> Received:
    operation = _operation(contract, step["operation"])
    request = _filled(step.get("request", {}), saved)
    path = samples.path(operation, request.get("path", {}))
    options: dict[str, Any]
    try:
        options = samples.options(operation, **({"body": request["body"]} if "body" in request else {}))
    except CannotAsk:
        options = {}
    if "query" in request:
        options["params"] = [(name, str(value)) for name, value in request["query"].items()]
    if "headers" in request:
        options["headers"] = {**options.get("headers", {}), **request["headers"]}
    if request.get("credentials") is False:
        options["credentials"] = False
    answer = sender.send(operation.method, path, **options)
    for _ in range(step.get("times", 1) - 1):
        answer = sender.send(operation.method, path, **options)
    return answer


def _saved(step: Mapping[str, Any], answer: Received) -> Iterator[tuple[str, Any]]:
    try:
        body = answer.json() if answer.body else None
    except ValueError:
        body = None
    for name, pointer in step.get("save", {}).items():
        yield name, followed(f"$response.body#{pointer}", body, answer.headers)


def _filled(value: Any, saved: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, saved) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, saved) for each in value]
    if isinstance(value, str):
        whole = _SAVED.fullmatch(value)
        if whole:
            return saved.get(whole[1])
        return _SAVED.sub(lambda found: str(saved.get(found[1], "")), value)
    return value
