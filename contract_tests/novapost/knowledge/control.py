"""The calls of the control API that are about phones and keys."""

from typing import Any
from urllib.parse import quote

from contract_tests.target.control import ControlClient, ControlError


class KeysControl(ControlClient):
    """Sets clients, clock and keys of a target, through its control API."""

    def find_out(self) -> None:
        """Find out which calls the control API does not have, but for those that need a key."""
        super().find_out()
        self.try_call("GET", "keys")

    def register(self, phone: str, matches: int = 1) -> None:
        """Let `matches` clients have this phone: 1 registers it, 2 or more make it ambiguous."""
        self.call("PUT", _of_client(phone), {"matches": matches}, shown=_CLIENT)

    def unregister(self, phone: str) -> None:
        """Let no client have this phone."""
        self.register(phone, matches=0)

    def cleanup(self, phone: str) -> None:
        """Delete the phone's key as the sandbox's cleanup would."""
        self.call("POST", "cleanup", {"phone": phone})

    def has_key(self, phone: str) -> bool:
        """Return whether a cleanup finds a key of the phone, which it then deletes."""
        try:
            answer = self.call("POST", "cleanup", {"phone": phone})
        except ControlError as error:
            if error.status == 404:
                return False
            raise
        return not isinstance(answer, dict) or answer.get("deleted") is not False

    @property
    def lists_keys(self) -> bool:
        """Whether the target can list its keys."""
        return "GET keys" not in self.lacks

    def list_keys(self) -> list[dict[str, Any]]:
        """Return every key that the target knows: phone, dates, status; none where it can't list them."""
        if not self.lists_keys:
            return []
        answer = self.call("GET", "keys")
        listed = answer.get("keys") if isinstance(answer, dict) else answer
        if not isinstance(listed, list):
            raise ControlError("keys: answered without a list")
        return listed


# The call without the phone that it is about.
_CLIENT = "clients/{phone}"


def _of_client(phone: str) -> str:
    return f"clients/{quote(phone, safe='')}"
