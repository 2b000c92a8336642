"""Defects in the rules of openapi/rules.toml: each broken, also only sometimes."""

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from contract_tests.novapost.defects.builders import Break, Send, defects, instead
from contract_tests.novapost.defects.exchange import (
    DROPPED,
    JWT,
    KEY,
    Answer,
    Request,
    error_answer,
    moment,
    written,
)
from contract_tests.novapost.defects.issued_keys import (
    Given,
    Turn,
    after,
    every,
    first_hour,
    given,
    made_up,
    on,
    other_key,
    second,
)
from contract_tests.novapost.defects.state import Memory

DAY = timedelta(days=1)
_SOME_JWT = {"jwt": "eyJhbGciOiJub25lIn0.e30.AAAA"}


def _answered(status: int, turn: Callable[[Request, Memory], Answer | None], operation: str = KEY) -> Break:
    """Let a function change a correct refusal."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        answer = send(request)
        mine = request.operation == operation and answer.status == status and not request.asks_for_a_status
        return (turn(request, memory) if mine else None) or answer

    return does


def _jwt_for(good: Callable[[str, Memory], str | None]) -> Break:
    """Take a key that is not Active for one that is."""

    def better(request: Request, memory: Memory) -> Request | None:
        if request.operation != JWT or request.asks_for_a_status or memory.is_active(request.api_key or ""):
            return None
        other = good(request.api_key or "", memory)
        return request.showing(other) if other else None

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        return send(better(request, memory) or request)

    return does


def _some_active(memory: Memory) -> str | None:
    return next((key for key in memory.owners if memory.is_active(key)), None)


def _last_given(key: str, memory: Memory) -> str | None:
    """Return the key that the phone of an old key has now."""
    now = memory.last.get(memory.owners.get(key, ""))
    return now["apiKey"] if now and memory.is_active(now["apiKey"]) else _some_active(memory)


def _shared(part: Callable[[str], str]) -> Break:
    """Take phones with an equal part for one phone: the one that was registered first."""

    def does(request: Request, send: Send, memory: Memory) -> Answer:
        phone = request.phone
        if request.operation != KEY or not isinstance(phone, str) or not phone.isdigit():
            return send(request)
        known = (p for p, n in memory.matches.items() if n == 1 and part(p) == part(phone))
        return send(request.asking(next(known, phone)))

    return does


class _AtOnce:
    """Something goes wrong only while another request is under way."""

    def __init__(
        self, wrong: Callable[[Request, Answer, Memory], Answer | None], operation: str = KEY
    ) -> None:
        self._wrong, self._operation = wrong, operation
        self._under_way, self._lock = 0, threading.Lock()

    def __call__(self, request: Request, send: Send, memory: Memory) -> Answer:
        with self._lock:
            self._under_way += 1
            others = self._under_way > 1
        try:
            answer = send(request)
            with self._lock:
                others = others or self._under_way > 1
        finally:
            with self._lock:
                self._under_way -= 1
        mine = others and request.operation == self._operation and not request.asks_for_a_status
        return (self._wrong(request, answer, memory) if mine else None) or answer


def _another_at_once(request: Request, answer: Answer, memory: Memory) -> Answer | None:
    if answer.status != 200:
        return None
    return answer.saying(answer.json | {"apiKey": secrets.token_hex(20)})


def _somebody_elses(request: Request, answer: Answer, memory: Memory) -> Answer | None:
    before = memory.notes.get("answer at once")
    memory.notes["answer at once"] = answer
    return before if memory.nth("at once") % 3 == 0 else None


def _limit_from(until: Callable[[datetime], datetime]) -> Break:
    """End the day of the limit at another time than midnight UTC: before it, answer 429."""

    def limited(request: Request, memory: Memory) -> bool:
        phone = request.phone if request.operation == KEY and not request.asks_for_a_status else None
        issued = memory.issued.get(phone) if isinstance(phone, str) else None
        if issued is None or memory.now().date() == issued.date():
            return False
        return memory.now() < until(issued)

    return instead(limited, lambda request, memory: error_answer(429))


def _one_a_day_for_all(request: Request, memory: Memory) -> bool:
    phone = request.phone if request.operation == KEY and not request.asks_for_a_status else None
    if not isinstance(phone, str) or memory.matches.get(phone) != 1 or phone in memory.issued:
        return False
    return any(when.date() == memory.now().date() for when in memory.issued.values())


def _time_outs_count(request: Request, send: Send, memory: Memory) -> Answer:
    if request.operation == KEY and request.asks_for_a_status:
        memory.notes["timed out", request.phone] = memory.now().date()
    elif request.operation == KEY and memory.notes.get(("timed out", request.phone)) == memory.now().date():
        return error_answer(429)
    return send(request)


def _refusals_count(request: Request, send: Send, memory: Memory) -> Answer:
    day = memory.now().date()
    if request.operation != KEY or request.asks_for_a_status:
        return send(request)
    refused = memory.notes.get(("refused", request.phone)) == day
    answer = send(request)
    if answer.status == 404:
        memory.notes["refused", request.phone] = day
    return error_answer(429) if refused and answer.status == 200 else answer


def _of_an_earlier_day(request: Request, memory: Memory) -> Answer | None:
    """Return the key that a phone got on another day than this."""
    issued = memory.issued.get(request.phone or "")
    return memory.again(request.phone) if issued and issued.date() != memory.now().date() else None


def _strangers_stay(request: Request, send: Send, memory: Memory) -> Answer:
    answer = send(request)
    if request.operation != KEY or request.asks_for_a_status:
        return answer
    if answer.status == 404:
        memory.notes["stranger", request.phone] = True
    return error_answer(404) if memory.notes.get(("stranger", request.phone)) else answer


def _bought_once(request: Request, send: Send, memory: Memory) -> Answer:
    answer = send(request)
    if request.operation != JWT or answer.status != 200 or request.asks_for_a_status:
        return answer
    again = memory.notes.setdefault(("bought", request.api_key), memory.now().date())
    return answer if memory.nth(("bought", request.api_key, again)) < 3 else error_answer(401)


def _use_prolongs(request: Request, send: Send, memory: Memory) -> Answer:
    """Keep a key alive for thirty days after its last use, whatever its expDate says."""
    answer = send(request)
    if request.operation != JWT or request.asks_for_a_status:
        return answer
    name = ("used", request.api_key)
    if answer.status == 200:
        memory.notes[name] = memory.now()
    used = memory.notes.get(name) if request.api_key not in memory.cleaned else None
    if answer.status == 401 and used and memory.now() - used < 30 * DAY:
        return Answer(200).saying(_SOME_JWT)
    return answer


def _outlived(request: Request, memory: Memory) -> Answer | None:
    """Let an expired key buy a JWT if another phone's key was issued after it."""
    owner = memory.owners.get(request.api_key or "")
    if owner is None or request.api_key in memory.cleaned:
        return None
    later = any(when > memory.issued[owner] for phone, when in memory.issued.items() if phone != owner)
    return Answer(200).saying(_SOME_JWT) if later else None


def _oldest_key(key: Given) -> Answer:
    """Return the first key that the phone ever had."""
    first = next(k for k, phone in key.memory.owners.items() if phone == key.phone)
    key.memory.notes["stands for", first] = key.body["apiKey"]
    return key.with_fields(apiKey=first)


def _kept_end(key: Given) -> Answer:
    return key.with_fields(expDate=key.before["expDate"]) if key.before else key.answer


def _a_day_more(key: Given) -> Answer:
    assert key.before is not None
    return key.with_fields(expDate=written(moment(key.before["expDate"]) + DAY))


def _created_now(key: Given) -> Answer:
    return key.with_fields(createdAt=written(key.memory.now()))


def _cut(key: Given) -> Answer:
    return key.with_fields(createdAt=written(moment(key.body["createdAt"]).replace(microsecond=0)))


def _on_the_same_number(key: Given) -> Answer | None:
    """Repeat a key on the day of another month that has the same number."""
    is_same = key.before is not None and moment(key.before["expDate"]).day == key.memory.now().day
    return key.answer.saying(key.before) if is_same else None


def _limit_by_number(request: Request, send: Send, memory: Memory) -> Answer:
    """Keep the limit by the number of the day, which comes again each month."""
    if request.operation != KEY or request.asks_for_a_status:
        return send(request)
    day, name = memory.now().date(), ("issued on", request.phone)
    last = memory.notes.get(name)
    if last and last != day and last.day == day.day and request.phone not in memory.last:
        return error_answer(429)
    answer = send(request)
    if answer.status == 200:
        memory.notes[name] = day
    return answer


def _refused(status: int) -> Turn:
    return lambda key: error_answer(status)


def _whole_year(key: Given) -> bool:
    """Tell whether a key was issued on the last day of a month."""
    return (key.memory.now() + DAY).day == 1


RULES = defects(
    {
        # registered-phone
        "stranger-gets-a-key": _answered(404, lambda request, memory: made_up(memory)),
        "stranger-stays-one": _strangers_stay,
        "ambiguous-phone-gets-a-key": _answered(409, lambda request, memory: made_up(memory)),
        "ambiguous-phone-with-a-key-gets-it": _answered(
            409,
            lambda request, memory: memory.again(request.phone),
        ),
        "stranger-with-a-key-of-yesterday-gets-it": _answered(404, _of_an_earlier_day),
        "ambiguous-phone-with-a-key-of-yesterday-gets-it": _answered(409, _of_an_earlier_day),
        "three-clients-are-none": _answered(
            409, lambda request, memory: error_answer(404) if memory.clients(request.phone) > 2 else None
        ),
        "phones-by-their-last-seven-digits": _shared(lambda phone: phone[-7:]),
        "phones-by-their-first-nine-digits": _shared(lambda phone: phone[:9]),
        "phones-without-the-country": _shared(lambda phone: phone.removeprefix("44").removeprefix("49")),
        # same-day-same-key
        "repeat-gets-another-key": on("repeated", other_key),
        "every-tenth-repeat-gets-another-key": on("repeated", other_key, every(10, "repeats")),
        "second-phones-repeat-gets-another-key": on("repeated", other_key, second),
        "repeat-in-the-evening-gets-another-key": on("repeated", other_key, after(20)),
        "repeat-after-a-reactivation-gets-another-key": on(
            "repeated", other_key, lambda key: key.last == "reactivated"
        ),
        "repeat-moves-the-end": on("repeated", lambda key: key.later("expDate", DAY)),
        "repeat-moves-the-beginning": on("repeated", _created_now),
        "every-fifth-repeat-is-limited": on("repeated", _refused(429), every(5, "limited repeats")),
        "second-phones-repeat-is-limited": on("repeated", _refused(429), second),
        "repeat-after-a-renewal-is-limited": on("repeated", _refused(429), lambda key: key.last == "renewed"),
        # later-day-renews
        "renewal-gets-another-key": on("renewed", other_key),
        "second-phones-renewal-gets-another-key": on("renewed", other_key, second),
        "renewal-after-midnight-gets-another-key": on("renewed", other_key, first_hour),
        "renewal-of-a-last-month-gets-another-key": on(
            "renewed",
            other_key,
            lambda key: moment(key.before["expDate"]) - key.memory.now() < 31 * DAY if key.before else False,
        ),
        "renewal-moves-the-beginning": on("renewed", _created_now),
        "renewal-keeps-the-end": on("renewed", _kept_end),
        "renewal-adds-one-day": on("renewed", _a_day_more),
        "renewal-is-limited": on("renewed", _refused(429)),
        "renewal-on-the-first-of-a-month-is-limited": on(
            "renewed", _refused(429), lambda key: key.memory.now().day == 1
        ),
        "renewal-not-on-the-same-day-of-a-month": on("renewed", _on_the_same_number),
        "limit-of-the-same-day-of-a-month": _limit_by_number,
        "renewal-is-expired": on("renewed", lambda key: key.with_fields(status="Expired")),
        # expired-reactivated
        "reactivation-gets-another-key": on("reactivated", other_key),
        "second-reactivation-gets-another-key": on("reactivated", other_key, every(2, "reactivations")),
        "reactivation-is-refused": on("reactivated", _refused(404)),
        "reactivation-stays-expired": on("reactivated", lambda key: key.with_fields(status="Expired")),
        "reactivation-for-a-month": on(
            "reactivated", lambda key: key.with_fields(expDate=written(key.memory.now() + 30 * DAY))
        ),
        "reactivation-cuts-the-moment-of-creation": on("reactivated", _cut),
        # cleaned-new
        "cleaned-key-comes-back": on("recreated", _oldest_key),
        "cleaned-phone-is-forgotten": on("recreated", _refused(404)),
        "recreated-key-is-as-old-as-the-first": on("recreated", lambda key: key.later("createdAt", -DAY)),
        # one-active
        "keys-at-once-differ": _AtOnce(_another_at_once),
        "answers-at-once-are-mixed-up": _AtOnce(_somebody_elses),
        "answers-at-once-are-dropped": _AtOnce(
            lambda request, answer, memory: DROPPED if memory.nth("dropped at once") % 4 == 0 else None
        ),
        "one-key-for-all": given(
            lambda key: key.with_fields(apiKey=key.memory.notes.setdefault("the key", key.body["apiKey"]))
        ),
        "every-tenth-key-is-another": given(
            lambda key: other_key(key) if key.memory.nth("keys") % 10 == 0 else None
        ),
        # daily-limit
        "no-limit": _answered(429, lambda request, memory: made_up(memory)),
        "limit-for-the-first-phone-only": _answered(
            429, lambda request, memory: made_up(memory) if memory.order(request.phone) else None
        ),
        "limit-ends-with-insisting": _answered(
            429,
            lambda request, memory: made_up(memory)
            if memory.nth(("asked", request.phone)) % 3 == 0
            else None,
        ),
        "limit-for-creating-only": _answered(
            429,
            lambda request, memory: made_up(memory)
            if memory.kind(request.phone) in ("renewed", "reactivated")
            else None,
        ),
        "limit-not-after-a-recreation": _answered(
            429,
            lambda request, memory: made_up(memory) if memory.kind(request.phone) == "recreated" else None,
        ),
        "limit-for-all-phones-together": instead(
            _one_a_day_for_all, lambda request, memory: error_answer(429)
        ),
        "limit-for-a-day-and-night": _limit_from(lambda issued: issued + DAY),
        "limit-for-two-days": _limit_from(lambda issued: issued + 2 * DAY - timedelta(hours=12)),
        "limit-counts-refusals": _refusals_count,
        "limit-counts-time-outs": _time_outs_count,
        # day
        "day-ends-at-kyiv-midnight": on("repeated", lambda key: key.later("expDate", DAY), after(22)),
        "day-ends-an-hour-late": given(
            lambda key: key.answer.saying(key.before) if key.kind == "renewed" and first_hour(key) else None
        ),
        # validity
        "key-for-a-month": given(lambda key: key.later("expDate", -335 * DAY)),
        "key-for-two-years": given(lambda key: key.later("expDate", 365 * DAY)),
        "key-a-day-too-long": given(lambda key: key.later("expDate", DAY)),
        "key-to-the-minute-of-issue": given(
            lambda key: key.with_fields(
                expDate=written(
                    moment(key.body["expDate"]).replace(
                        hour=moment(key.body["createdAt"]).hour, minute=moment(key.body["createdAt"]).minute
                    )
                )
            )
        ),
        "key-of-a-months-end-a-day-too-long": given(
            lambda key: key.later("expDate", DAY) if _whole_year(key) else None
        ),
        "key-created-in-the-past": on("created", lambda key: key.later("createdAt", -timedelta(hours=3))),
        "use-prolongs-a-key": _use_prolongs,
        "renewal-prolongs-all-keys": _answered(401, _outlived, JWT),
        # jwt
        "any-key-buys-a-jwt": _jwt_for(lambda key, memory: _some_active(memory)),
        "cleaned-key-buys-a-jwt": _jwt_for(
            lambda key, memory: _last_given(key, memory) if key in memory.cleaned else None
        ),
        "key-in-any-case-buys-a-jwt": _jwt_for(
            lambda key, memory: next((k for k in memory.owners if k.lower() == key.lower()), None)
        ),
        "beginning-of-a-key-buys-a-jwt": _jwt_for(
            lambda key, memory: next((k for k in memory.owners if len(key) > 15 and k.startswith(key)), None)
        ),
        "key-and-more-buys-a-jwt": _jwt_for(
            lambda key, memory: next((k for k in memory.owners if key.startswith(k)), None)
        ),
        "phone-buys-a-jwt": _jwt_for(
            lambda key, memory: memory.last[key]["apiKey"] if key in memory.last else None
        ),
        "expired-key-buys-a-jwt": _answered(
            401,
            lambda request, memory: Answer(200).saying(_SOME_JWT)
            if request.api_key in memory.owners and request.api_key not in memory.cleaned
            else None,
            JWT,
        ),
        "jwt-only-twice-a-key": _bought_once,
        "jwt-not-for-the-second-phone": instead(
            lambda request, memory: request.operation == JWT
            and request.api_key in memory.owners
            and memory.order(memory.owners[request.api_key]) == 1,
            lambda request, memory: error_answer(401),
        ),
        "renewed-key-buys-no-jwt": instead(
            lambda request, memory: request.operation == JWT
            and memory.kinds.get(memory.owners.get(request.api_key or "", "")) == "renewed",
            lambda request, memory: error_answer(401),
        ),
        "jwts-at-once-are-refused": _AtOnce(lambda request, answer, memory: error_answer(401), JWT),
        # time-out
    }
)
