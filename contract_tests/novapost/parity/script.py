"""The script: what is asked of both sides, in order. Each step is polite enough for the real sandbox."""

from dataclasses import dataclass
from typing import Any

from contract_tests.novapost.knowledge.strategies import fictional, fictional_german

# Placeholders, filled in when a step is sent: the side's own registered phone, and the key that it gave.
OWN_PHONE = "<own phone>"
GIVEN_KEY = "<given key>"
STRANGER = fictional(600)
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Step:
    """One request.

    Attributes:
        needs: "phone" if the side must know a registered phone, "key" if it must have given a key before.
        json: the body as a JSON value, or None; `content` is a body as it is.
    """

    name: str
    method: str
    path: str
    json: Any = None
    content: bytes | None = None
    query: tuple[tuple[str, str], ...] = ()
    needs: str = ""


SCRIPT = (
    Step("a stranger", "POST", "/test-api-keys", {"phone": STRANGER}),
    Step("another stranger", "POST", "/test-api-keys", {"phone": fictional_german(600)}),
    Step("a phone with a plus", "POST", "/test-api-keys", {"phone": f"+{STRANGER}"}),
    Step("a phone that is a number", "POST", "/test-api-keys", {"phone": int(STRANGER)}),
    Step("no phone", "POST", "/test-api-keys", {}),
    Step("an empty phone", "POST", "/test-api-keys", {"phone": ""}),
    Step("a field too many", "POST", "/test-api-keys", {"phone": STRANGER, "force": True}),
    Step("no body", "POST", "/test-api-keys", content=b""),
    Step("no JSON", "POST", "/test-api-keys", content=b"{'phone'"),
    Step("another method", "DELETE", "/test-api-keys"),
    Step("another path", "GET", "/test-api-key"),
    Step("no key", "GET", "/clients/authorization"),
    Step("an empty key", "GET", "/clients/authorization", query=(("apiKey", ""),)),
    Step("a made-up key", "GET", "/clients/authorization", query=(("apiKey", "0" * 40),)),
    Step("a short key", "GET", "/clients/authorization", query=(("apiKey", "keyofnobody"),)),
    Step("a key", "POST", "/test-api-keys", {"phone": OWN_PHONE}, needs="phone"),
    Step("a token", "GET", "/clients/authorization", query=(("apiKey", GIVEN_KEY),), needs="key"),
    Step("the key again", "POST", "/test-api-keys", {"phone": OWN_PHONE}, needs="key"),
    Step("another token", "GET", "/clients/authorization", query=(("apiKey", GIVEN_KEY),), needs="key"),
)
