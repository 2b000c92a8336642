"""The call of the key page, as a reader may put it into code of their own."""

from novapost_mock.console.visit import Visit

HERE = "MOCK"
"""Stands for scheme, host and port; `console.js` puts those of the page in its place, which only the browser
knows for certain."""

_CURL = """\
curl -d '{"phone": "PHONE"}' -H 'Content-Type: application/json' BASE/test-api-keys
curl 'BASE/clients/authorization?apiKey=KEY'"""
_CLIENT = """\
from novapost_client import Client

with Client("BASE/") as novapost:
    key = novapost.test_api_keys.create(phone="PHONE")
    jwt = novapost.clients.authorization(api_key=key.api_key).jwt"""
_HTTPX = """\
import httpx

with httpx.Client(base_url="BASE/") as client:
    key = client.post("test-api-keys", json={"phone": "PHONE"}).raise_for_status().json()["apiKey"]
    jwt = client.get("clients/authorization", params={"apiKey": key}).raise_for_status().json()["jwt"]"""
_JAVASCRIPT = """\
const headers = {"Content-Type": "application/json"};
const body = JSON.stringify({phone: "PHONE"});
const {apiKey} = await (await fetch("BASE/test-api-keys", {method: "POST", headers, body})).json();
const {jwt} = await (await fetch(`BASE/clients/authorization?apiKey=${apiKey}`)).json();"""


def snippets(visit: Visit, phone: str) -> list[tuple[str, str]]:
    """Return pieces of code by the name of their language or tool.

    Args:
        visit: the request.
        phone: the phone that the key was given to; digits alone.
    """
    base = f"{HERE}{visit.sandbox.document.base_path}"
    texts = (
        ("curl", _CURL),
        ("Python, novapost_client", _CLIENT),
        ("Python, httpx", _HTTPX),
        ("JavaScript", _JAVASCRIPT),
    )
    return [(name, text.replace("BASE", base).replace("PHONE", phone)) for name, text in texts]
