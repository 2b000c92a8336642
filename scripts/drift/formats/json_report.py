"""The report as JSON, by the schema openapi/drift-report.schema.json."""

import json
from typing import Any, TextIO


def write(report: dict[str, Any], stream: TextIO) -> None:
    """Write the report, in ASCII, so that no terminal and no log can stumble over it."""
    json.dump(report, stream, indent=2)
    stream.write("\n")
