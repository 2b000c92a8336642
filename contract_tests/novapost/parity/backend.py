"""One of the two sides: it is asked the steps of the script and remembers the key that it gave."""

import httpx

from contract_tests.novapost.parity.answers import Answer, Placeholders
from contract_tests.novapost.parity.script import GIVEN_KEY, OWN_PHONE, Step
from contract_tests.sandbox.errors import Withheld
from contract_tests.sandbox.masking import Masker
from contract_tests.target.transport import Wire

_PATIENCE = 3


class Side:
    """A server that is asked live.

    Args:
        phone: a phone that is registered there, or None.
        patient: whether a documented 503 is waited out, as on somebody else's server.
    """

    def __init__(self, base_url: str, wire: Wire, phone: str | None, *, patient: bool = False) -> None:
        self._base_url, self._wire, self._phone, self._patient = base_url, wire, phone, patient
        self._placeholders = Placeholders(Masker(phone))
        self._key: str | None = None

    def ask(self, step: Step) -> Answer | None:
        """Return the answer to a step; None if the step cannot be asked here.

        Raises:
            httpx.HTTPError: no whole answer came.
        """
        if (step.needs == "phone" and self._phone is None) or (step.needs == "key" and self._key is None):
            return None
        try:
            response = self._wire.send(self._request(step))
            for _ in range(_PATIENCE - 1):
                if response.status_code != 503 or not self._patient:
                    break
                response = self._wire.send(self._request(step))
        except Withheld:
            return None
        if response.status_code == 503 and self._patient:
            return None
        if step.needs == "phone" and response.status_code == 200:
            self._key = _key_in(response)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return self._placeholders.answer(response.status_code, media_type, response.content)

    def _request(self, step: Step) -> httpx.Request:
        url = self._base_url + step.path.removeprefix("/")
        query = {name: self._key or "" if value == GIVEN_KEY else value for name, value in step.query}
        if step.content is not None:
            headers = {"Content-Type": "application/json"}
            return self._wire.build_request(step.method, url, content=step.content, headers=headers)
        body = step.json
        if isinstance(body, dict) and body.get("phone") == OWN_PHONE:
            body = body | {"phone": self._phone}
        return self._wire.build_request(step.method, url, json=body, params=query or None)


def _key_in(response: httpx.Response) -> str | None:
    try:
        key = response.json()["apiKey"]
    except (ValueError, LookupError, TypeError):
        return None
    return key if isinstance(key, str) and key else None
