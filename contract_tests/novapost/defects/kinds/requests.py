"""Defects in what is taken: bad input that is let in, good input that is refused."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from contract_tests.novapost.defects.builders import Break, defects, instead, refusing, understood
from contract_tests.novapost.defects.exchange import JWT, KEY, Request, error_answer
from contract_tests.novapost.defects.state import Memory

_PHONE = re.compile(r"[1-9][0-9]{7,14}", re.ASCII)
_OTHER_NAMES = ("phonenumber", "phone_number", "mobile", "tel")


def _phone_read(repair: Callable[[str], str]) -> Break:
    """Read the phone more kindly than the document allows."""

    def better(request: Request) -> Request | None:
        phone = request.phone
        if request.operation != KEY or not isinstance(phone, str) or _PHONE.fullmatch(phone):
            return None
        repaired = repair(phone)
        return request.asking(repaired) if repaired != phone and _PHONE.fullmatch(repaired) else None

    return understood(better)


def _value_read(read: Callable[[Any], Any]) -> Break:
    """Read the whole body more kindly: a function finds a phone in the JSON value, or None."""

    def better(request: Request) -> Request | None:
        if request.operation != KEY:
            return None
        body = request.json
        strict = isinstance(body, dict) and set(body) == {"phone"} and isinstance(body["phone"], str)
        found = None if strict else read(body)
        return request.asking(found) if isinstance(found, str) else None

    return understood(better)


def _bytes_read(read: Callable[[bytes], str | None]) -> Break:
    """Read a body that is no JSON."""

    def better(request: Request) -> Request | None:
        if request.operation != KEY or request.json is not None:
            return None
        found = read(request.body)
        return request.asking(found) if found else None

    return understood(better)


def _in_text(pattern: str) -> Callable[[bytes], str | None]:
    def read(body: bytes) -> str | None:
        found = re.search(pattern, body.decode("latin-1"))
        return found[1] if found else None

    return read


def _from_the_query(request: Request) -> Request | None:
    phones = parse_qs(urlsplit(request.target).query).get("phone")
    return request.asking(phones[0]) if request.operation == KEY and phones else None


def _from_a_header(request: Request) -> Request | None:
    phone = request.header("phone")
    return request.asking(phone) if request.operation == KEY and phone else None


def _taken_anyway(matches: Callable[[str], bool]) -> Break:
    """Take some texts for phones that nobody has: 404 instead of 400."""

    def when(request: Request, memory: Memory) -> bool:
        phone = request.phone
        return (
            request.operation == KEY
            and isinstance(phone, str)
            and not request.asks_for_a_status
            and not _PHONE.fullmatch(phone)
            and matches(phone)
        )

    return instead(when, lambda request, memory: error_answer(404))


def _key_read(repair: Callable[[str], str]) -> Break:
    """Read the key more kindly than the document allows."""
    return understood(
        lambda request: request.showing(repair(request.api_key))
        if request.operation == JWT and request.api_key
        else None
    )


def _ukrainian(request: Request, memory: Memory) -> bool:
    phone = request.phone
    return request.operation == KEY and isinstance(phone, str) and phone.startswith("380")


def _asked(test: Callable[[Request], bool]) -> Callable[[Request, Memory], bool]:
    """Only requests for a key that fit the document."""
    return lambda request, memory: (
        request.operation == KEY
        and not request.asks_for_a_status
        and isinstance(request.phone, str)
        and bool(_PHONE.fullmatch(request.phone))
        and test(request)
    )


def _number_of_phone(body: Any) -> Any:
    phone = body.get("phone") if isinstance(body, dict) else None
    return str(phone) if isinstance(phone, int) and not isinstance(phone, bool) else None


def _first(body: Any) -> Any:
    inner = body[0] if isinstance(body, list) and body else None
    return inner.get("phone") if isinstance(inner, dict) else inner


def _loose(body: bytes) -> str | None:
    text = re.sub(r",\s*}", "}", re.sub(r"//.*", "", body.decode("latin-1"))).replace("'", '"')
    try:
        phone = json.loads(text)["phone"]
    except (ValueError, TypeError, KeyError):
        return None
    return phone if isinstance(phone, str) else None


INPUTS = defects(
    {
        "phone-with-plus-taken": _phone_read(lambda phone: phone.removeprefix("+")),
        "phone-with-00-taken": _phone_read(lambda phone: phone.removeprefix("00")),
        "phone-with-blanks-around-taken": _phone_read(str.strip),
        "phone-with-blanks-within-taken": _phone_read(lambda phone: phone.replace(" ", "")),
        "phone-with-punctuation-taken": _phone_read(lambda phone: re.sub(r"[-()./ ]", "", phone)),
        "phone-with-letters-taken": _phone_read(lambda phone: re.sub(r"[^0-9]", "", phone)),
        "phone-cut-at-the-first-letter": _phone_read(lambda phone: re.split(r"[^0-9]", phone)[0]),
        "phone-in-other-digits-taken": _phone_read(
            lambda phone: "".join(str(int(c)) if c.isdecimal() else c for c in phone)
        ),
        "phone-with-a-line-end-taken": _phone_read(lambda phone: phone.removesuffix("\n")),
        "phone-cut-at-nul": _phone_read(lambda phone: phone.partition("\x00")[0]),
        "phone-with-unseen-characters-taken": _phone_read(
            lambda phone: re.sub("[\u200b-\u202f\u00a0\ufeff]", "", phone)
        ),
        "phone-too-short-taken": _taken_anyway(lambda phone: bool(re.fullmatch(r"[1-9][0-9]{3,6}", phone))),
        "phone-too-long-taken": _taken_anyway(lambda phone: bool(re.fullmatch(r"[1-9][0-9]{15,}", phone))),
        "phone-with-a-zero-first-taken": _taken_anyway(lambda phone: bool(re.fullmatch(r"0[0-9]+", phone))),
        "phone-empty-taken": _taken_anyway(lambda phone: phone == ""),
        "phone-any-text-taken": _taken_anyway(lambda phone: True),
        "phone-as-number-taken": _value_read(_number_of_phone),
        "phone-in-a-list-taken": _value_read(
            lambda body: _first(body.get("phone")) if isinstance(body, dict) else None
        ),
        "body-as-text-taken": _value_read(lambda body: body if isinstance(body, str) else None),
        "body-null-is-nobodys": instead(
            lambda request, memory: request.operation == KEY and request.body.strip() == b"null",
            lambda request, memory: error_answer(404),
        ),
        "body-as-list-taken": _value_read(_first),
        "body-with-more-members-taken": _value_read(
            lambda body: body.get("phone") if isinstance(body, dict) else None
        ),
        "body-with-another-case-taken": _value_read(
            lambda body: {k.lower(): v for k, v in body.items()}.get("phone")
            if isinstance(body, dict)
            else None
        ),
        "body-with-another-name-taken": _value_read(
            lambda body: next((v for n, v in body.items() if n.lower() in _OTHER_NAMES), None)
            if isinstance(body, dict)
            else None
        ),
        "body-within-data-taken": _value_read(
            lambda body: body["data"].get("phone")
            if isinstance(body, dict) and isinstance(body.get("data"), dict)
            else None
        ),
        "body-as-form-taken": _bytes_read(_in_text(r"^phone=([0-9]+)$")),
        "form-by-its-name-taken": understood(
            lambda request: request.asking(request.body.decode("latin-1").partition("phone=")[2])
            if request.operation == KEY
            and request.body.startswith(b"phone=")
            and "urlencoded" in (request.header("content-type") or "")
            else None
        ),
        "body-as-xml-taken": _bytes_read(_in_text(r"<phone>([0-9]+)</phone>")),
        "body-nearly-json-taken": _bytes_read(_loose),
        "body-first-value-taken": _bytes_read(_in_text(r'^\{"phone": "([0-9]+)"\}\{')),
        "phone-from-the-query": understood(_from_the_query),
        "phone-from-a-header": understood(_from_a_header),
        "ukrainian-phone-not-found": instead(_ukrainian, lambda request, memory: error_answer(409)),
        "ukrainian-phone-gets-a-key": understood(
            lambda request: request.asking("447700900001") if _ukrainian(request, Memory()) else None
        ),
        "shortest-phone-refused": refusing(_asked(lambda r: len(r.phone or "") == 8), 400),
        "longest-phone-refused": refusing(_asked(lambda r: len(r.phone or "") == 15), 400),
        "ten-digits-are-nobody": refusing(_asked(lambda r: len(r.phone or "") == 10), 404),
        "numbers-with-1-are-nobodys": refusing(_asked(lambda r: (r.phone or "").startswith("1")), 404),
        "all-of-38-is-ukrainian": refusing(
            _asked(lambda r: (r.phone or "").startswith("38") and not (r.phone or "").startswith("380")), 400
        ),
        "code-of-ukraine-anywhere": refusing(
            _asked(lambda r: "380" in (r.phone or "") and not (r.phone or "").startswith("380")), 400
        ),
        "eleven-digits-only": refusing(_asked(lambda r: len(r.phone or "") != 12), 400),
        "charset-refused": refusing(_asked(lambda r: "charset" in (r.header("content-type") or "")), 400),
        "escapes-refused": refusing(_asked(lambda r: b"\\u" in r.body), 400),
        "white-space-refused": refusing(_asked(lambda r: b"\n" in r.body or b"\t" in r.body), 400),
        "compact-json-refused": refusing(_asked(lambda r: b" " not in r.body), 400),
        "authorization-refused": refusing(_asked(lambda r: r.header("authorization") is not None), 409),
        "authorization-needed-for-a-jwt": instead(
            lambda request, memory: request.operation == JWT and request.header("authorization") is not None,
            lambda request, memory: error_answer(401),
        ),
        "key-with-blanks-taken": _key_read(str.strip),
        "key-in-upper-case-taken": _key_read(str.lower),
        "key-empty-is-401": instead(
            lambda request, memory: request.operation == JWT and not request.api_key,
            lambda request, memory: error_answer(401),
        ),
        "key-by-another-name": understood(
            lambda request: replace(
                request, target=re.sub(r"\?(apikey|key|api_key)=", "?apiKey=", request.target)
            )
            if request.operation == JWT
            else None
        ),
    }
)
