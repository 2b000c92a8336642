"""Defects in what an answer of success says: fields missing, extra, of another type, null, out of format."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contract_tests.novapost.defects.builders import (
    Break,
    Change,
    Send,
    changed,
    defects,
    field_missing,
    field_set,
    fields,
)
from contract_tests.novapost.defects.exchange import JWT, KEY, Answer, Request, moment, written
from contract_tests.novapost.defects.state import Memory


def _claims(edit: Any) -> Change:
    """Return a change of a JWT's claims; no caller of ours can see that the signature no longer fits."""

    def change(answer: Answer) -> Answer:
        head, claims, signature = answer.json["jwt"].split(".")
        padded = claims + "=" * (-len(claims) % 4)
        edited = json.dumps(edit(json.loads(base64.urlsafe_b64decode(padded)))).encode()
        packed = base64.urlsafe_b64encode(edited).rstrip(b"=").decode()
        return answer.saying({"jwt": f"{head}.{packed}.{signature}"})

    return change


def _one_jwt_for_each_key(request: Request, send: Send, memory: Memory) -> Answer:
    """Repeat the first JWT of a key for ever, even after its end."""
    answer = send(request)
    if request.operation != JWT or answer.status != 200 or request.asks_for_a_status:
        return answer
    return answer.saying(memory.notes.setdefault(("jwt", request.api_key), answer.json))


def _one_jwt_for_all(request: Request, send: Send, memory: Memory) -> Answer:
    """Give everybody the first JWT of the day."""
    answer = send(request)
    if request.operation != JWT or answer.status != 200 or request.asks_for_a_status:
        return answer
    day = memory.now().date()
    return answer.saying(memory.notes.setdefault(("jwt", day), answer.json))


_MAPPED = {
    "apiKey": {"number": 17, "empty": "", "with-a-blank": lambda key: f"{key} ", "list": lambda key: [key]},
    "createdAt": {
        "number": 1756281782,
        "no-offset": lambda date: date.rstrip("Z"),
        "day-only": lambda date: date[:10],
        "day-first": lambda date: moment(date).strftime("%d.%m.%Y %H:%M:%S"),
        "no-such-day": lambda date: f"{date[:5]}02-30{date[10:]}",
    },
    "expDate": {
        "number": 1788048000,
        "no-offset": lambda date: date.rstrip("Z"),
        "day-only": lambda date: date[:10],
        "epoch-as-text": lambda date: str(int(moment(date).timestamp())),
        "hour-24": lambda date: f"{date[:11]}24:59:59Z",
    },
    "status": {
        "number": 1,
        "lower-case": "active",
        "unknown": "Suspended",
        "boolean": True,
        "expired": "Expired",
    },
}
_KEY_FIELDS: dict[str, Break] = {
    f"key-{name}-{how}": changed(KEY, 200, field_set(name, value))
    for name, values in _MAPPED.items()
    for how, value in (values | {"null": None}).items()
}
_JWT_FIELDS: dict[str, Break] = {
    f"jwt-{how}": changed(JWT, 200, field_set("jwt", value))
    for how, value in {
        "null": None,
        "number": 17,
        "empty": "",
        "an-object": lambda jwt: {"token": jwt},
        "with-bearer": lambda jwt: f"Bearer {jwt}",
        "of-two-parts": lambda jwt: jwt.rpartition(".")[0],
        "whose-header-is-no-json": lambda jwt: f"AAAA.{jwt.partition('.')[2]}",
        "whose-claims-are-no-json": lambda jwt: f"{jwt.partition('.')[0]}.AAAA.{jwt.rpartition('.')[2]}",
    }.items()
}

ANSWERS = defects(
    {
        **_KEY_FIELDS,
        **{f"key-{name}-missing": changed(KEY, 200, field_missing(name)) for name in _MAPPED},
        "key-apiKey-renamed": changed(
            KEY, 200, fields(lambda body: {"key" if n == "apiKey" else n: v for n, v in body.items()})
        ),
        "key-with-an-extra-field": changed(KEY, 200, fields(lambda body: body | {"id": 7})),
        "key-with-the-phone": changed(KEY, 200, fields(lambda body: body | {"phone": "447700900001"})),
        "key-within-data": changed(KEY, 200, fields(lambda body: {"data": body})),
        "key-in-a-list": changed(KEY, 200, fields(lambda body: [body])),
        "key-as-text": changed(KEY, 200, fields(json.dumps)),
        "key-body-null": changed(KEY, 200, fields(lambda body: None)),
        "key-body-empty": changed(KEY, 200, lambda answer: replace(answer, body=b"")),
        "key-dates-swapped": changed(
            KEY, 200, fields(lambda b: b | {"createdAt": b["expDate"], "expDate": b["createdAt"]})
        ),
        "key-created-tomorrow": changed(
            KEY, 200, field_set("createdAt", lambda date: written(moment(date) + timedelta(days=1)))
        ),
        "key-member-twice": changed(
            KEY, 200, lambda answer: replace(answer, body=answer.body.rstrip()[:-1] + b',"status":"Active"}')
        ),
        "key-with-a-comma-too-many": changed(
            KEY, 200, lambda answer: replace(answer, body=answer.body.rstrip()[:-1] + b",}")
        ),
        "key-in-utf-16": changed(
            KEY, 200, lambda answer: replace(answer, body=answer.body.decode().encode("utf-16"))
        ),
        **_JWT_FIELDS,
        "jwt-missing": changed(JWT, 200, field_missing("jwt")),
        "jwt-renamed": changed(JWT, 200, fields(lambda body: {"token": body["jwt"]})),
        "jwt-with-an-extra-field": changed(JWT, 200, fields(lambda body: body | {"expires_in": 3600})),
        "jwt-as-bare-text": changed(JWT, 200, fields(lambda body: body["jwt"])),
        "jwt-for-a-day": changed(JWT, 200, _claims(lambda c: c | {"exp": c["iat"] + 86_400})),
        "jwt-for-a-minute": changed(JWT, 200, _claims(lambda c: c | {"exp": c["iat"] + 60})),
        "jwt-run-out-already": changed(
            JWT, 200, _claims(lambda c: c | {"iat": c["iat"] - 7200, "exp": c["iat"] - 3600})
        ),
        "jwt-in-milliseconds": changed(JWT, 200, _claims(lambda c: c | {"exp": c["exp"] * 1000})),
        "jwt-with-its-end-as-text": changed(JWT, 200, _claims(lambda c: {n: str(v) for n, v in c.items()})),
        "jwt-not-good-yet": changed(
            JWT, 200, _claims(lambda c: c | ({"nbf": c["iat"] + 600} if "iat" in c else {}))
        ),
        "jwt-kept-for-a-key": _one_jwt_for_each_key,
        "jwt-the-same-for-all-of-a-day": _one_jwt_for_all,
    }
)
