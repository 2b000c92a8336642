"""The calls of the control API that are about phones and keys."""

from typing import Any
from urllib.parse import quote

from contract_tests.target.control import Stage, StageError


class KeysStage(Stage):
    """Sets clients, clock and keys of a target, through its control API."""

    def register(self, phone: str, matches: int = 1) -> None:
        """Let `matches` clients have this phone: 1 registers it, 2 or more make it ambiguous."""
        self.call("PUT", _of_client(phone), {"matches": matches}, shown=_CLIENT)

    def unregister(self, phone: str) -> None:
        """Let no client have this phone."""
        self.call("DELETE", _of_client(phone), shown=_CLIENT)

    def cleanup(self, phone: str) -> None:
        """Delete the phone's key as the sandbox's cleanup would."""
        self.call("POST", "cleanup", {"phone": phone})

    def list_keys(self) -> list[dict[str, Any]]:
        """Return every key that the target knows: phone, dates, status."""
        answer = self.call("GET", "keys")
        listed = answer.get("keys") if isinstance(answer, dict) else answer
        if not isinstance(listed, list):
            raise StageError("keys: answered without a list")
        return listed


# The call without the phone that it is about.
_CLIENT = "clients/{phone}"


def _of_client(phone: str) -> str:
    return f"clients/{quote(phone, safe='')}"
