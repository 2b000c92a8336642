"""Read a document and compile the schemas of its operations, as a program does that serves it and no more.

    python -m contract_tests.bench.programs.reading FILE

This is the floor for a mock: PyYAML's loader in C or json, and a validator of jsonschema_rs for each
different schema of a parameter, a body or an answer. Prints the processor time of both in seconds, the memory
that each added in megabytes (the parsed document, then the validators), and the number of validators.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from contract_tests.bench.tools.serving import megabytes

_URI = "urn:document"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def main(path: Path) -> None:
    """Measure and print."""
    content = path.read_bytes()
    before, begun = megabytes(os.getpid()), time.process_time()
    if path.suffix == ".json":
        tree = json.loads(content)
    else:
        safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        tree = yaml.load(content, Loader=safe)  # noqa: S506 (a SafeLoader)
    read, parsed = time.process_time() - begun, megabytes(os.getpid())
    begun = time.process_time()
    validators = list(compiled(tree))
    took = time.process_time() - begun
    print(read, took, parsed - before, megabytes(os.getpid()) - parsed, len(validators))


def compiled(tree: dict[str, Any]) -> Iterator[Any]:
    """Yield a validator for each different schema of the operations."""
    registry = jsonschema_rs.Registry([(_URI, tree)], draft=jsonschema_rs.Draft4)
    for schema in {json.dumps(each): each for each in _schemas(tree)}.values():
        yield jsonschema_rs.Draft4Validator(_absolute(schema), offline=True, registry=registry)


def _schemas(tree: Mapping[str, Any]) -> Iterator[Any]:
    def followed(value: Any) -> Any:
        while isinstance(value, dict) and "$ref" in value:
            found: Any = tree
            for step in value["$ref"][2:].split("/"):
                found = found[step]
            value = found
        return value

    for item in tree["paths"].values():
        for operation in (item[method] for method in _METHODS if method in item):
            yield from (followed(each)["schema"] for each in operation.get("parameters", ()))
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for media in followed(body).get("content", {}).values():
                    yield media["schema"]


def _absolute(value: Any) -> Any:
    if isinstance(value, list):
        return [_absolute(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {k: f"{_URI}{v}" if k == "$ref" else _absolute(v) for k, v in value.items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
