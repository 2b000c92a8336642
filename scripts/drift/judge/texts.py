"""Values in the words of a report."""

import json
from typing import Any


def shown(value: Any, limit: int = 60) -> str:
    """Return a value as it stands in a report, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
