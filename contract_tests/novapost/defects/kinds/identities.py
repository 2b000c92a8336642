"""Defects by which one client is taken for another, or a refused request has an effect."""

import base64
import gzip
import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from contract_tests.novapost.defects.builders import Break, Send, defects
from contract_tests.novapost.defects.exchange import JWT, KEY, Answer, Request, error_answer
from contract_tests.novapost.defects.kinds.principles import own_keys
from contract_tests.novapost.defects.state import Memory

_MOST_HEADERS = 30
_BAD_PHONES = 3


def _by_part_of_a_phone(part: Callable[[str], str]) -> Break:
    """Look clients up by a part of the number: the second phone gets the key of the first."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        phone = request.phone
        is_plain = request.operation == KEY and request.json == {"phone": phone}
        if not is_plain or phone is None or memory.clients(phone) != 1:
            return send(request)
        first = memory.notes.setdefault(("first", part(phone)), phone)
        return send(request.asking(first) if first != phone and memory.clients(first) == 1 else request)

    return does


def _cached_by(name: str) -> Break:
    """Repeat the last answer for every caller that sends the same header."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        value = request.header(name)
        if value is None or request.operation is None:
            return send(request)
        kept: Answer | None = memory.notes.get(("kept", request.operation, value))
        if kept is not None:
            return kept
        answer = send(request)
        if answer.status == 200:
            memory.notes["kept", request.operation, value] = answer
        return answer

    return does


def _too_many_headers(request: Request, send: Send, memory: Memory) -> Answer:
    """Refuse a request with a few headers more than a browser sends."""
    if request.operation and len(request.headers) > _MOST_HEADERS:
        return Answer(431).saying({"success": False, "errors": ["Too many headers"]})
    return send(request)


def _time_out_makes_the_key(request: Request, send: Send, memory: Memory) -> Answer:
    """Make the key, and lose the answer after that."""
    if request.operation == KEY and request.asks_for_a_status and memory.clients(request.phone) == 1:
        send(request.without("prefer"))
    return send(request)


def _delete_deletes(request: Request, send: Send, memory: Memory) -> Answer:
    """Refuse DELETE, and do it."""
    if request.method == "DELETE" and request.path.endswith(KEY):
        named = parse_qs(urlsplit(request.target).query).get("phone", [""])[0]
        memory.notes["gone", (memory.last.get(named) or {}).get("apiKey")] = True
    if request.operation == JWT and memory.notes.get(("gone", request.api_key)):
        return error_answer(401)
    return send(request)


def _locked_out(request: Request, send: Send, memory: Memory) -> Answer:
    """Block a caller who mistypes the own number a few times."""
    if request.operation != KEY or request.phone is None or request.asks_for_a_status:
        return send(request)
    digits = re.sub("[^0-9]", "", request.phone)
    if digits != request.phone:
        memory.notes["bad", digits] = memory.notes.get(("bad", digits), 0) + 1
    elif memory.notes.get(("bad", digits), 0) >= _BAD_PHONES:
        return error_answer(429)
    return send(request)


def _key_in_a_cookie(request: Request, send: Send, memory: Memory) -> Answer:
    """Put the key into a cookie, too, where logs show it."""
    answer = send(request)
    if request.operation != KEY or answer.status != 200 or request.asks_for_a_status:
        return answer
    return answer.with_header("Set-Cookie", f"k={base64.b64encode(answer.json['apiKey'].encode()).decode()}")


def _owner_in_an_error(request: Request, send: Send, memory: Memory) -> Answer:
    """Tell the finder of an old key whose it was."""
    answer = send(request)
    owner = memory.owners.get(request.api_key or "")
    if request.operation == JWT and answer.status == 401 and owner:
        return error_answer(401, f"The key of {owner} has expired")
    return answer


def _waiting_time_in_words(request: Request, send: Send, memory: Memory) -> Answer:
    """Ask a client to wait, with a time that it cannot read."""
    answer = send(request)
    return answer.with_header("Retry-After", "tomorrow") if answer.status == 429 else answer


def _compressed_for_all(request: Request, send: Send, memory: Memory) -> Answer:
    """Compress for a caller that names gzip, even with the weight 0."""
    answer = send(request)
    if request.operation and "gzip;q=0" in (request.header("accept-encoding") or ""):
        return replace(answer.with_header("Content-Encoding", "gzip"), body=gzip.compress(answer.body))
    return answer


def _signed_with_a_word(request: Request, send: Send, memory: Memory) -> Answer:
    """Sign the tokens with the word of all examples."""
    answer = send(request)
    if request.operation != JWT or answer.status != 200 or request.asks_for_a_status:
        return answer
    claims = answer.json["jwt"].split(".")[1]
    signed = f"eyJhbGciOiJIUzI1NiJ9.{claims}"
    seal = base64.urlsafe_b64encode(hmac.digest(b"secret", signed.encode(), "sha256")).decode().rstrip("=")
    return answer.saying({"jwt": f"{signed}.{seal}"})


def _same_beginning(phone: str | None, memory: Memory, number: int) -> str:
    """Return a key that begins like all keys of the phone, so that an old one tells much of the next."""
    return hashlib.sha256(f"salt {phone}".encode()).hexdigest()[:16] + secrets.token_hex(12)


IDENTITIES = defects(
    {
        "phones-by-their-last-nine-digits": _by_part_of_a_phone(lambda phone: phone[-9:]),
        "phones-by-their-first-twelve-digits": _by_part_of_a_phone(lambda phone: phone[:12]),
        "phones-as-numbers-of-32-bits": _by_part_of_a_phone(lambda phone: str(int(phone) % 2**32)),
        "phones-by-a-checksum": _by_part_of_a_phone(lambda phone: str(zlib.crc32(phone.encode()))),
        "answers-kept-by-cookie": _cached_by("cookie"),
        "answers-kept-by-idempotency-key": _cached_by("idempotency-key"),
        "answers-kept-by-request-id": _cached_by("x-request-id"),
        "thirty-headers-are-too-many": _too_many_headers,
        "time-out-makes-the-key": _time_out_makes_the_key,
        "delete-is-refused-and-done": _delete_deletes,
        "three-typing-errors-lock-out": _locked_out,
        "key-in-a-cookie": _key_in_a_cookie,
        "error-names-the-owner-of-a-key": _owner_in_an_error,
        "waiting-time-in-words": _waiting_time_in_words,
        "compressed-for-who-refuses-it": _compressed_for_all,
        "tokens-signed-with-a-word": _signed_with_a_word,
        "keys-of-a-phone-begin-alike": own_keys(_same_beginning),
    }
)
