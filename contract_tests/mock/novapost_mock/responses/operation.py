"""How an operation without hand-written behaviour answers: it asks what the document asks, and no more."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from novapost_mock.errors import error_response
from novapost_mock.messages import Headers, Reply, Request
from novapost_mock.responses.parameters import Incoming, Parameter, cookies, first_fault, query_pairs
from novapost_mock.responses.removed import Removed
from novapost_mock.responses.request_body import RequestBody
from novapost_mock.responses.response import Answer, Answers
from novapost_mock.responses.routes import Template
from novapost_mock.responses.security import Judge, Security, is_taken
from novapost_mock.schemas.generator import Generator

FAULTY_REQUEST = (400, 422)
_FITTING = (422, 400)
# What clients send for a body where they have none to send.
_NOTHING = (b"", b"{}", b"null")
# Where neither 400 nor 422 is documented, another refusal that is keeps to the document.
OTHER_REFUSALS = (404, 409, 403, 406, 415, 428, 412, 405, 402, 423, 401, 429, 410)
_GONE = (404, 410)
# Where neither is documented, these refuse what was deleted and are no fault of the request's form either.
_WITHHELD = (403, 409)
_STATUSES: Mapping[str, Sequence[int]] = {
    "unreadable": FAULTY_REQUEST,
    "unfit": _FITTING,
    "unsupported": (415, 400, 422),
    "too-large": (413, 400, 422),
}


@dataclass(frozen=True)
class Circumstances:
    """What schema-made operations share.

    Attributes:
        judge: tells whether a credential is good.
        removed: what was deleted.
        numbers: counts up, for bodies that are made by chance.
        not_acceptable: answer 406 where Accept takes none of the media types, also if 406 is not documented.
    """

    judge: Judge = is_taken
    removed: Removed = field(default_factory=Removed)
    numbers: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)
    not_acceptable: bool = False


@dataclass(frozen=True)
class Behaviour:
    """One operation, compiled.

    Attributes:
        method: upper case.
        templates: its path below each base path.
        parameters: in the order in which they are looked at.
        body: what it takes as a body; None if nothing.
        security: the credentials that it wants.
        answers: what it may answer.
        success: the status and answer of a request that nothing is wrong with.
        generator: makes bodies by chance.
        refuses_bodies: whether a body is of a media type that nobody documented.
    """

    method: str
    templates: Sequence[Template]
    parameters: Sequence[Parameter]
    body: RequestBody | None
    security: Security
    answers: Answers
    success: tuple[int, Answer]
    generator: Generator = field(repr=False)
    refuses_bodies: bool = False

    def answer(
        self,
        request: Request,
        segments: tuple[str, ...],
        preferences: Mapping[str, str],
        shared: Circumstances,
    ) -> Reply:
        """Answer a request.

        Args:
            request: the request.
            segments: the decoded segments of its path.
            preferences: what its Prefer headers ask for; `example` and `dynamic` are heeded here.
            shared: what the operations share.
        """
        accept = request.header_values("accept")
        refusal = self._refusal(request, segments, accept, shared)
        if refusal is not None:
            return refusal
        status, answer = self.success
        reply = self.given(status, answer, request, preferences, shared)
        if 200 <= reply.status < 300:
            if self.method == "DELETE":
                # What a DELETE of a collection means nobody says; only a thing with a name goes away.
                if any(not template.is_concrete for template in self.templates):
                    shared.removed.remove(self._thing(segments))
            elif self.method in ("POST", "PUT"):
                shared.removed.restore(self._thing(segments))
        return reply

    def takes(self, request: Request, segments: tuple[str, ...]) -> bool:
        """Tell whether nothing is wrong with the parameters of a request."""
        return first_fault(self.parameters, self._incoming(request, segments)) is None

    def takes_body(self, request: Request) -> bool:
        """Tell whether nothing is wrong with the body of a request."""
        return self.body is None or self.body.fault(request) is None

    def given(
        self,
        status: int,
        answer: Answer,
        request: Request,
        preferences: Mapping[str, str],
        shared: Circumstances,
        extra: Headers = (),
    ) -> Reply:
        """Give a documented answer, with the example or the chance that a request asks for."""
        if answer.failure:
            return refused(501, f"novapost-mock cannot give this answer: {answer.failure}")
        media = answer.chosen(request.header_values("accept"))
        if media is None:
            return answer.reply(status, None, extra)
        name = preferences.get("example")
        if name:
            payload = media.examples.get(name)
            if payload is None:
                return refused_preference(self.answers, f"Prefer: {_examples(media.examples)}")
            return answer.reply(
                status, payload, (*extra, ("Preference-Applied", f'example="{_quoted(name)}"'))
            )
        if preferences.get("dynamic", "").lower() == "true":
            payload = media.by_chance(self.generator, shared.numbers())
            return answer.reply(status, payload, (*extra, ("Preference-Applied", "dynamic=true")))
        return answer.reply(status, media.payload, extra)

    def _refusal(
        self, request: Request, segments: tuple[str, ...], accept: Sequence[str], shared: Circumstances
    ) -> Reply | None:
        incoming = self._incoming(request, segments)
        if not self.security.admits(incoming, shared.judge):
            challenge = self.security.challenge
            extra: Headers = (("WWW-Authenticate", challenge),) if challenge else ()
            text = "The credentials that this operation needs are missing or not good"
            # No other documented status stands in: what keeps callers out must look like it.
            return self._refuse((401, 403), (), text, accept, extra)
        fault = first_fault(self.parameters, incoming)
        if fault is not None:
            return self._refuse(_FITTING, OTHER_REFUSALS, fault[1], accept)
        if self.body is not None:
            body_fault = self.body.fault(request)
            if body_fault is not None:
                return self._refuse(_STATUSES[body_fault.kind], OTHER_REFUSALS, body_fault.text, accept)
        if self.refuses_bodies and request.body.strip() not in _NOTHING:
            return self._refuse(_STATUSES["unsupported"], (), "This operation takes no body", accept)
        if self.method not in ("POST", "PUT") and shared.removed.covers(lambda: self._thing(segments)):
            status, answer = self.answers.refusal(_GONE, _WITHHELD)
            if answer is not None:
                return _documented_error(status, answer, "This was deleted", accept)
        may_refuse = shared.not_acceptable or 406 in self.answers.exact
        if accept and may_refuse and not self.success[1].is_acceptable(accept):
            return self._refuse((406,), (), "None of the media types of Accept is documented", accept)
        return None

    def _thing(self, segments: tuple[str, ...]) -> tuple[str, ...]:
        template = next((t for t in self.templates if t.fits(segments)), None)
        return segments if template is None else template.thing(segments)

    def _incoming(self, request: Request, segments: tuple[str, ...]) -> Incoming:
        headers: dict[str, list[str]] = {}
        for name, value in request.headers:
            headers.setdefault(name.lower(), []).append(value.strip(" \t"))
        template = next((t for t in self.templates if t.fits(segments)), None)
        raw = tuple(request.path.removeprefix("/").split("/"))
        incoming = Incoming(
            path={} if template is None else template.values(segments),
            raw_path=template.values(raw) if template is not None and template.fits(raw) else {},
            query=query_pairs(request.query),
            headers=headers,
            cookies=cookies(headers.get("cookie", ())),
        )
        if template is None or not template.is_ambiguous:
            return incoming
        in_path = [each for each in self.parameters if each.where == "path"]
        readings = (replace(incoming, path=path, raw_path={}) for path in template.readings(segments))
        return next((each for each in readings if first_fault(in_path, each) is None), incoming)

    def _refuse(
        self,
        wanted: Sequence[int],
        others: Sequence[int],
        text: str,
        accept: Sequence[str],
        extra: Headers = (),
    ) -> Reply:
        status, answer = self.answers.refusal(wanted, others)
        if answer is None or answer.failure:
            reply = refused(status, text)
            return Reply(reply.status, (*reply.headers, *extra), reply.body)
        return _documented_error(status, answer, text, accept, extra)


def refused_preference(answers: Answers, text: str) -> Reply:
    """Return a refusal of what a Prefer header asks for, as a documented 400 or 422 if there is one."""
    status, answer = answers.refusal(FAULTY_REQUEST)
    if answer is None or answer.failure:
        return refused(status, text)
    return _documented_error(status, answer, text, ())


def _documented_error(
    status: int, answer: Answer, text: str, accept: Sequence[str], extra: Headers = ()
) -> Reply:
    media = answer.chosen(accept)
    known = {name.lower() for name, _ in answer.headers}
    extra = tuple((name, value) for name, value in extra if name.lower() not in known)
    return answer.reply(status, None if media is None else media.telling(text, status), extra)


def refused(status: int, text: str) -> Reply:
    """Return a refusal of the mock itself, where the document has no answer for it."""
    return Reply.of_json(status, error_response(text))


def _examples(known: Mapping[str, object]) -> str:
    good = [_quoted(name) for name, payload in known.items() if payload is not None]
    if not good:
        return "this answer documents no examples that fit its schema"
    return f"this answer documents the examples {', '.join(good[:20])}"


def _quoted(name: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "?" for c in name[:60])
