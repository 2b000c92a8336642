"""Whatever a server sends ends in the right model or in one of our errors, and shows no secret on the way."""

import asyncio
import copy
import gzip
import io
import json
import logging
import pickle
import traceback
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import novapost_client as sdk
from novapost_client import Client, Retry
from novapost_client._runtime import answers as answering
from novapost_client._runtime import parsing
from novapost_client._runtime.content import Received
from novapost_client._runtime.messages import messages
from novapost_client.models import TestApiKeyResponse as Key

PHONE = "491522881738"
SECRET = "99dde7bdce11414efc2f1c10ddbfd42da8ce4bf2"
GOOD = {
    "apiKey": SECRET,
    "createdAt": "2025-08-27T08:03:02.000000Z",
    "expDate": "2026-08-29T23:59:59.000Z",
    "status": "Active",
}
JSON = {"content-type": "application/json"}
ECHO = {"success": False, "errors": [f"no client with phone {PHONE}"]}


Handler = Callable[[httpx.Request], httpx.Response]


def answer(status: int = 200, body: Any = None, **headers: str) -> Handler:
    """Return a server that sends one answer: bytes in a stream, not read by anybody yet."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    class Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield content

        async def __aiter__(self) -> Any:
            yield content

    merged = {**JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda request: httpx.Response(status, headers=merged, stream=Stream())


def without(name: str) -> dict[str, Any]:
    """Return the good body without a field."""
    return {key: value for key, value in GOOD.items() if key != name}


def raw(**changes: str) -> bytes:
    """Return the good body as JSON text, with the values of some fields written by hand."""
    fields = {name: json.dumps(value) for name, value in GOOD.items()} | changes
    return ("{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}").encode()


def cut_gzip() -> bytes:
    """Return a compressed body that ends too early."""
    return gzip.compress(json.dumps(GOOD).encode())[:-9]


def bomb(size: int = 1024) -> bytes:
    """`size` MiB of blanks, compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    chunk = b" " * 1024 * 1024
    return b"".join([*(packer.compress(chunk) for _ in range(size)), packer.flush()])


OK = Key
BODY = sdk.BodyError
UNDECODABLE = sdk.UndecodableBodyError
MISMATCH = sdk.BodyMismatchError
SUCCESSES = (OK, UNDECODABLE, MISMATCH, sdk.BodyTooLargeError)
ANSWERS: dict[str, tuple[Handler, type]] = {
    # -- a key, as it should be or nearly
    "good": (answer(200, GOOD), OK),
    "extra-field": (answer(200, {**GOOD, "more": [1]}), OK),
    "unknown-status": (answer(200, {**GOOD, "status": "Frozen"}), OK),
    "bom": (answer(200, b"\xef\xbb\xbf" + raw()), OK),
    "blanks-around": (answer(200, b" \r\n" + raw() + b"\n\n"), OK),
    "charset-named": (answer(200, raw(), content_type="application/json; charset=utf-8"), OK),
    "charset-wrong": (answer(200, raw(), content_type="application/json; charset=utf-16"), OK),
    "charset-unknown": (answer(200, raw(), content_type="application/json; charset=nonsense"), OK),
    "problem-json-type": (answer(200, raw(), content_type="application/hal+json"), OK),
    "gzip": (answer(200, gzip.compress(raw()), content_encoding="gzip"), OK),
    "deflate": (answer(200, zlib.compress(raw()), content_encoding="deflate"), OK),
    "gzip-two-members": (
        answer(200, gzip.compress(raw()[:20]) + gzip.compress(raw()[20:]), content_encoding="gzip"),
        OK,
    ),
    "offset": (answer(200, {**GOOD, "createdAt": "2025-08-27T10:03:02+02:00"}), OK),
    "no-fraction": (answer(200, {**GOOD, "createdAt": "2025-08-27T10:03:02Z"}), OK),
    "nine-digits": (answer(200, {**GOOD, "createdAt": "2025-08-27T10:03:02.123456789Z"}), OK),
    # -- fields of the wrong kind
    "key-number": (answer(200, {**GOOD, "apiKey": 5}), MISMATCH),
    "key-true": (answer(200, {**GOOD, "apiKey": True}), MISMATCH),
    "key-null": (answer(200, {**GOOD, "apiKey": None}), MISMATCH),
    "key-array": (answer(200, {**GOOD, "apiKey": [SECRET]}), MISMATCH),
    "key-object": (answer(200, {**GOOD, "apiKey": {"is": SECRET}}), MISMATCH),
    "key-missing": (answer(200, without("apiKey")), MISMATCH),
    "key-other-case": (answer(200, {**without("apiKey"), "apikey": SECRET}), MISMATCH),
    "date-missing": (answer(200, without("expDate")), MISMATCH),
    "date-number": (answer(200, {**GOOD, "expDate": 1756281782}), MISMATCH),
    "date-null": (answer(200, {**GOOD, "expDate": None}), MISMATCH),
    "date-naive": (answer(200, {**GOOD, "expDate": "2026-08-29T23:59:59"}), MISMATCH),
    "date-only": (answer(200, {**GOOD, "expDate": "2026-08-29"}), MISMATCH),
    "date-words": (answer(200, {**GOOD, "expDate": "tomorrow"}), MISMATCH),
    "date-empty": (answer(200, {**GOOD, "expDate": ""}), MISMATCH),
    "date-none-such": (answer(200, {**GOOD, "expDate": "2026-02-30T00:00:00Z"}), MISMATCH),
    "date-week": (answer(200, {**GOOD, "expDate": "2026-W05-1T00:00:00Z"}), MISMATCH),
    "date-arabic-digits": (answer(200, {**GOOD, "expDate": "٢٠٢٦-08-29T23:59:59Z"}), MISMATCH),
    "status-number": (answer(200, {**GOOD, "status": 1}), MISMATCH),
    "status-null": (answer(200, {**GOOD, "status": None}), MISMATCH),
    "status-array": (answer(200, {**GOOD, "status": ["Active"]}), MISMATCH),
    # -- bodies of another shape
    "array": (answer(200, [GOOD]), MISMATCH),
    "text": (answer(200, "key"), MISMATCH),
    "null": (answer(200, None), MISMATCH),
    "false": (answer(200, False), MISMATCH),
    "number": (answer(200, 12), MISMATCH),
    "empty-object": (answer(200, {}), MISMATCH),
    "error-in-200": (answer(200, ECHO), MISMATCH),
    # -- bodies that are no JSON
    "empty": (answer(200, b""), UNDECODABLE),
    "blank": (answer(200, b"  \n "), UNDECODABLE),
    "cut": (answer(200, raw()[:-20]), UNDECODABLE),
    "two-values": (answer(200, raw() + raw()), UNDECODABLE),
    "html": (answer(200, b"<html>no</html>", content_type="text/html"), UNDECODABLE),
    "html-as-json": (answer(200, b"<html>no</html>"), UNDECODABLE),
    "json-as-html": (answer(200, raw(), content_type="text/html"), UNDECODABLE),
    "json-as-xml": (answer(200, raw(), content_type="application/xml"), UNDECODABLE),
    "nan": (answer(200, raw(more="NaN")), UNDECODABLE),
    "nan-as-key": (answer(200, raw(apiKey="NaN")), UNDECODABLE),
    "infinity": (answer(200, raw(more="-Infinity")), UNDECODABLE),
    "huge-number": (answer(200, raw(more="1e999")), UNDECODABLE),
    "huge-integer": (answer(200, raw(more="9" * 5000)), UNDECODABLE),
    "twice": (answer(200, raw().replace(b'"status"', b'"apiKey":"x","status"')), UNDECODABLE),
    "single-quotes": (answer(200, str(GOOD).encode()), UNDECODABLE),
    "comment": (answer(200, b"/* ok */" + raw()), UNDECODABLE),
    "latin-1": (answer(200, raw(status='"gesch\xfctzt"').decode().encode("latin-1")), UNDECODABLE),
    "utf-16": (answer(200, raw().decode().encode("utf-16")), UNDECODABLE),
    "surrogate": (answer(200, raw(more='"\\ud800"')), UNDECODABLE),
    "deep": (answer(200, raw(more="[" * 5000 + "]" * 5000)), UNDECODABLE),
    "deep-objects": (answer(200, raw(more='{"a":' * 900 + "1" + "}" * 900)), UNDECODABLE),
    "many-values": (answer(200, raw(more="[" + "[]," * 600_000 + "1]")), UNDECODABLE),
    "gzip-cut": (answer(200, cut_gzip(), content_encoding="gzip"), UNDECODABLE),
    "gzip-not": (answer(200, raw(), content_encoding="gzip"), UNDECODABLE),
    "deflate-garbage": (answer(200, b"\x78\x9c" + b"\xff" * 40, content_encoding="deflate"), UNDECODABLE),
    "brotli-unasked": (answer(200, raw(), content_encoding="br"), UNDECODABLE),
    "gzip-twice": (
        answer(200, gzip.compress(gzip.compress(raw())), content_encoding="gzip, gzip"),
        UNDECODABLE,
    ),
    "too-large": (answer(200, b" " * (17 * 1024 * 1024)), sdk.BodyTooLargeError),
    "too-large-declared": (answer(200, raw(), content_length="99999999999"), sdk.BodyTooLargeError),
    "gzip-bomb": (answer(200, bomb(64), content_encoding="gzip"), sdk.BodyTooLargeError),
    # -- statuses that nobody promised
    "switching": (answer(101, b""), sdk.UnexpectedStatusError),
    "created": (answer(201, GOOD), sdk.UnexpectedStatusError),
    "no-content": (answer(204, b""), sdk.UnexpectedStatusError),
    "reset-content": (answer(205, b""), sdk.UnexpectedStatusError),
    "partial": (answer(206, raw()[:40]), sdk.UnexpectedStatusError),
    "status-299": (answer(299, GOOD), sdk.UnexpectedStatusError),
    "multiple-choices": (answer(300, GOOD), sdk.RedirectError),
    "not-modified": (answer(304, b""), sdk.RedirectError),
    "redirect-elsewhere": (answer(307, b"", location="https://evil.example/x"), sdk.RedirectError),
    "redirect-to-http": (
        answer(308, b"", location="http://api-stage.novapost.pl/v.1.0/test-api-keys"),
        sdk.RedirectError,
    ),
    "redirect-loop": (answer(307, b"", location="/v.1.0/test-api-keys"), sdk.RedirectError),
    "redirect-to-get": (answer(303, b"", location="/v.1.0/other"), sdk.RedirectError),
    "redirect-nowhere": (answer(302, b""), sdk.RedirectError),
    "redirect-nonsense": (answer(302, b"", location="http://[::1"), sdk.ClientError),
    "redirect-file": (answer(302, b"", location="file:///etc/passwd"), sdk.RedirectError),
    # -- errors, documented or not, with bodies of every kind
    "400": (answer(400, {"success": False, "errors": ["Invalid phone format"]}), sdk.BadRequestError),
    "401-undocumented": (answer(401, {"message": "no"}), sdk.UnauthorizedError),
    "402": (answer(402, b""), sdk.StatusError),
    "403-html": (answer(403, b"<html>", content_type="text/html"), sdk.ForbiddenError),
    "404-echo": (answer(404, ECHO), sdk.NotFoundError),
    "404-html": (answer(404, b"<h1>gone</h1>", content_type="text/html"), sdk.NotFoundError),
    "404-other-shape": (answer(404, {"errors": {"phone": "unknown"}}), sdk.NotFoundError),
    "404-array": (answer(404, ["gone"]), sdk.NotFoundError),
    "409-empty": (answer(409, b""), sdk.ConflictError),
    "409-success-true-text": (answer(409, {"success": "false", "errors": []}), sdk.ConflictError),
    "422-undocumented": (answer(422, {"errors": {"": "x"}}), sdk.UnprocessableError),
    "429": (answer(429, ECHO, retry_after="7"), sdk.RateLimitError),
    "429-date": (answer(429, ECHO, retry_after="Wed, 21 Oct 2099 07:28:00 GMT"), sdk.RateLimitError),
    "429-nonsense": (answer(429, ECHO, retry_after="soon" * 50), sdk.RateLimitError),
    "429-key": (answer(429, GOOD), sdk.RateLimitError),
    "500-trace": (answer(500, f"Traceback {SECRET}".encode(), content_type="text/plain"), sdk.ServerError),
    "502-html": (answer(502, b"<html>", content_type="text/html"), sdk.ServerError),
    "503": (answer(503, {"errors": {"": "timeout"}}), sdk.ServiceUnavailableError),
    "503-deep": (answer(503, b"[" * 100_000), sdk.ServiceUnavailableError),
    "503-bomb": (answer(503, bomb(64), content_encoding="gzip"), sdk.ServiceUnavailableError),
    "599": (answer(599, b""), sdk.ServerError),
    "999": (answer(999, b""), sdk.ServerError),
}


def run(how: str, transport: httpx.MockTransport) -> Any:
    """Return a key asked for, sync or async, raw or not: the model or the whole answer, or the error."""
    options: dict[str, Any] = {"httpx_args": {"transport": transport}, "retry": Retry(1)}
    if how == "sync raw":
        with Client.sandbox(**options) as client:
            try:
                return client.test_api_keys.with_raw_response.create(phone=PHONE)
            except sdk.ClientError as error:
                return error
    if how == "sync":
        with Client.sandbox(**options) as client:
            try:
                return client.test_api_keys.create(phone=PHONE)
            except sdk.ClientError as error:
                return error

    async def call() -> Any:
        async with Client.sandbox(**options) as client:
            try:
                if how == "async raw":
                    return await client.aio.test_api_keys.with_raw_response.create(phone=PHONE)
                return await client.aio.test_api_keys.create(phone=PHONE)
            except sdk.ClientError as error:
                return error

    return asyncio.run(call())


def test_the_shelf_is_as_long_as_promised() -> None:
    """The issue counts 68 answers."""
    assert len(ANSWERS) >= 68


@pytest.mark.parametrize("how", ["sync", "async"])
@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_ends_in_the_model_or_in_a_typed_error(
    name: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing else leaves the client, nothing wrong comes back silently, nothing secret is shown."""
    given, wanted = ANSWERS[name]
    caplog.set_level(logging.INFO)

    outcome = run(how, httpx.MockTransport(given))

    assert isinstance(outcome, wanted), repr(outcome)
    if isinstance(outcome, Key):
        assert outcome.api_key == SECRET
    again = pickle.loads(pickle.dumps(outcome))  # noqa: S301 - our own
    shown = [repr(outcome), str(outcome), repr(again), caplog.text]
    if isinstance(outcome, sdk.ClientError):
        assert (type(again), again.args, again.__dict__) == (
            type(outcome),
            outcome.args,
            outcome.__dict__,
        )
        copy.copy(outcome)
        shown += [pickle.dumps(outcome).decode("latin-1"), error_text(outcome), repr(vars(outcome))]
    if isinstance(outcome, (sdk.StatusError, sdk.BodyError)):
        assert outcome.response.status_code == outcome.status_code
        assert again.response.content == outcome.response.content
    assert [text for text in shown if PHONE in text or SECRET in text] == []


def error_text(error: BaseException) -> str:
    """Return the traceback of an error with the local variables of every frame that is ours."""
    frames = traceback.TracebackException.from_exception(error, capture_locals=True).stack
    ours = [frame for frame in frames if "novapost_client" in frame.filename]
    text = io.StringIO()
    for frame in ours:
        print(frame.name, frame.locals, file=text)
    cause = error.__cause__
    assert error.__context__ is None
    while cause is not None:
        assert (cause.__traceback__, cause.__context__) == (None, None)
        print(repr(cause), str(cause), cause.args, vars(cause), file=text)
        cause = cause.__cause__
    return text.getvalue()


@pytest.mark.parametrize(
    ("raised", "wanted"),
    [
        (httpx.ConnectError("refused"), sdk.ConnectionFailedError),
        (httpx.ReadError("reset"), sdk.ConnectionFailedError),
        (httpx.WriteError("broken pipe"), sdk.ConnectionFailedError),
        (httpx.CloseError("closed"), sdk.ConnectionFailedError),
        (httpx.ProxyError("407"), sdk.ConnectionFailedError),
        (httpx.ConnectTimeout("slow"), sdk.CallTimeoutError),
        (httpx.ReadTimeout("slow"), sdk.CallTimeoutError),
        (httpx.WriteTimeout("slow"), sdk.CallTimeoutError),
        (httpx.PoolTimeout("busy"), sdk.CallTimeoutError),
        (httpx.RemoteProtocolError("garbage"), sdk.ProtocolError),
        (httpx.LocalProtocolError("ours"), sdk.UsageError),
        (httpx.UnsupportedProtocol("gopher"), sdk.UsageError),
        (httpx.DecodingError("gzip"), sdk.UndecodableBodyError),
        (httpx.InvalidURL("location"), sdk.ProtocolError),
        (ConnectionResetError("reset"), sdk.ConnectionFailedError),
        (TimeoutError("slow"), sdk.CallTimeoutError),
        (EOFError("eof"), sdk.ConnectionFailedError),
        (UnicodeDecodeError("ascii", b"\xff", 0, 1, "header"), sdk.ProtocolError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
@pytest.mark.parametrize("how", ["sync", "async"])
def test_what_breaks_below_becomes_one_of_our_errors(how: str, raised: Exception, wanted: type) -> None:
    """httpx, httpcore and the sockets below have a tree of errors each; a caller sees one."""

    def broken(request: httpx.Request) -> httpx.Response:
        raised.args = (f"{raised.args[0]} {request.url} {PHONE}", *raised.args[1:])
        raise raised

    if isinstance(raised, UnicodeDecodeError):
        outcome = run(how, httpx.MockTransport(raising(raised)))
    else:
        outcome = run(how, httpx.MockTransport(broken))

    assert isinstance(outcome, wanted)
    assert isinstance(outcome, sdk.ClientError)
    assert PHONE not in f"{outcome} {outcome!r} {error_text(outcome)}"
    assert type(raised).__name__ in f"{outcome.__cause__!r}"


def raising(error: Exception) -> Handler:
    """Return a server that does nothing but break."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


def test_a_fault_in_the_callers_own_transport_is_not_dressed_up() -> None:
    """What no server can cause stays what it is: a test that guards its network must see its own error."""
    with pytest.raises(AssertionError, match="no network"):
        run("sync", httpx.MockTransport(raising(AssertionError("no network"))))


def test_an_unknown_status_is_kept_and_visible() -> None:
    """A server may grow; a caller can tell."""
    given, _ = ANSWERS["unknown-status"]
    key = run("sync", httpx.MockTransport(given))

    assert isinstance(key, Key)
    assert key.status == "Frozen"
    assert not key.status.is_known
    assert key.to_dict()["status"] == "Frozen"
    assert pickle.loads(pickle.dumps(key)) == key == copy.deepcopy(key)  # noqa: S301 - our own


def test_an_error_carries_what_a_caller_needs() -> None:
    """Facts, not prose: the documented model, the messages, how long to wait, which request it was."""
    reply = answer(
        429, {"success": False, "errors": ["Daily limit reached"]}, retry_after="7", x_request_id="abc"
    )
    error = run("sync", httpx.MockTransport(reply))

    assert isinstance(error, sdk.RateLimitError)
    assert (error.status_code, error.method, error.path) == (429, "POST", "/test-api-keys")
    assert error.parsed.to_dict() == {"success": False, "errors": ["Daily limit reached"]}
    assert (error.errors, error.retry_after, error.request_id) == (["Daily limit reached"], 7.0, "abc")


def test_a_mismatch_names_its_place() -> None:
    """Where and why, without the value."""
    error = run("sync", httpx.MockTransport(answer(200, {**GOOD, "apiKey": 5})))

    assert isinstance(error, sdk.BodyMismatchError)
    assert (error.json_path, error.reason) == ("$.apiKey", "expected text, got a number")


def understood(form: str, content: bytes, **headers: str) -> Any:
    """Return the runtime's reading of a text or a file, which our own document has none of."""
    codec: Any = parsing.TEXT if form == "text" else parsing.FILE
    answers = answering.Answers((200, 200, answering.Documented(form, codec)))
    received = Received(
        200, httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}), content, 0.1
    )
    return answering.understand(received, answers, "GET", "/x", frozenset(), raw=False)


@pytest.mark.parametrize(
    "charset",
    ["undefined", "idna", "punycode", "unicode_escape", "Raw-Unicode-Escape", "hex", "zlib", "rot13", "none"],
)
def test_a_codec_of_python_is_no_charset(charset: str) -> None:
    """A server names it; what it decodes to is not what was sent, and one of them only ever raises."""
    outcome = understood("text", b"a\\x41-", content_type=f"text/plain; charset={charset}")

    assert isinstance(outcome, sdk.UndecodableBodyError)


@pytest.mark.parametrize("name", ["..", "a\x1b[2J", "a\x7f", "../../etc/passwd", "a\\b"])
def test_a_file_has_no_name_that_leads_elsewhere(name: str) -> None:
    """People save files under the name that comes with them."""
    outcome = understood("bytes", b"%PDF", content_disposition=f'attachment; filename="{name}"')

    assert outcome.parsed.file_name is None


def test_the_name_of_a_file_shows_no_phone() -> None:
    """Labels are called after those who get them."""
    outcome = understood("bytes", b"%PDF", content_disposition=f'attachment; filename="{PHONE}.pdf"')

    assert outcome.parsed.file_name == f"{PHONE}.pdf"
    assert PHONE not in f"{outcome.parsed!r} {outcome!r}"


# A key is given once a day. In each of these answers it has arrived, and the document does not expect them.
ALMOST: dict[str, tuple[Handler, bool]] = {
    "created": (answer(201, GOOD), True),
    "accepted": (answer(202, GOOD), True),
    "not-authoritative": (answer(203, GOOD), True),
    "date-naive": (answer(200, {**GOOD, "createdAt": "2026-01-02T03:04:05"}), True),
    "date-only": (answer(200, {**GOOD, "expDate": "2026-08-29"}), True),
    "date-epoch": (answer(200, {**GOOD, "createdAt": 1756281782}), True),
    "date-offset-without-colon": (answer(200, {**GOOD, "createdAt": "2025-08-27T08:03:02+0000"}), True),
    "date-null": (answer(200, {**GOOD, "expDate": None}), True),
    "status-missing": (answer(200, without("status")), True),
    "as-html": (answer(200, GOOD, content_type="text/html"), True),
    "utf-16": (answer(200, raw().decode().encode("utf-16")), True),
    "nan-beside": (answer(200, raw(more="NaN")), True),
    "huge-integer-beside": (answer(200, raw(more="9" * 5000)), True),
    "surrogate-beside": (answer(200, raw(more='"\\ud800"')), True),
    "encoding-claimed-gzip": (answer(200, raw(), content_encoding="gzip"), True),
    "encoding-claimed-brotli": (answer(200, raw(), content_encoding="br"), True),
    "429": (answer(429, GOOD), True),
    "500": (answer(500, GOOD), True),
    "redirect": (answer(300, GOOD), True),
    # Of these the bytes alone can be saved.
    "two-values": (answer(200, raw() + raw()), False),
    "cut": (answer(200, raw()[:-4]), False),
    "deep-beside": (answer(200, raw(more="[" * 5000 + "]" * 5000)), False),
    "too-large": (answer(200, raw() + b"x" * (17 * 1024 * 1024)), False),
    "too-large-packed": (
        answer(200, gzip.compress(raw() + b"x" * (17 * 1024 * 1024)), content_encoding="gzip"),
        False,
    ),
}


@pytest.mark.parametrize("how", ["sync", "async", "sync raw", "async raw"])
@pytest.mark.parametrize("name", ALMOST)
def test_a_key_that_arrived_is_never_lost(name: str, how: str) -> None:
    """Whatever is wrong with the rest of the answer, the error has all of it."""
    given, is_json = ALMOST[name]

    outcome = run(how, httpx.MockTransport(given))

    response = outcome.response if isinstance(outcome, (sdk.StatusError, sdk.BodyError)) else outcome
    assert SECRET.encode("utf-16-le" if name == "utf-16" else "utf-8") in response.content
    if is_json:
        assert response.json()["apiKey"] == SECRET
    else:
        with pytest.raises(sdk.UndecodableBodyError) as caught:
            response.json()
        assert SECRET not in f"{caught.value!r} {error_text(caught.value)}"
    assert SECRET not in f"{outcome!r} {response!r} {vars(outcome) if hasattr(outcome, '__dict__') else ''}"


@pytest.mark.parametrize("how", ["sync raw", "async raw"])
@pytest.mark.parametrize("name", [name for name, (_, wanted) in ANSWERS.items() if wanted in SUCCESSES])
def test_a_raw_call_raises_for_no_body_of_a_success(name: str, how: str) -> None:
    """Damaged, cut or too large: there is what there is, and `parsed` raises what the call would have."""
    given, wanted = ANSWERS[name]

    response = run(how, httpx.MockTransport(given))

    assert isinstance(response, sdk.Response), repr(response)
    again = pickle.loads(pickle.dumps(response))  # noqa: S301 - our own
    for each in (response, again):
        if issubclass(wanted, sdk.BodyError):
            with pytest.raises(wanted) as caught:
                _ = each.parsed
            assert caught.value.response is each
            assert (caught.value.method, caught.value.path) == ("POST", "/test-api-keys")


@pytest.mark.parametrize("how", ["sync raw", "async raw"])
@pytest.mark.parametrize("name", [name for name, (_, wanted) in ANSWERS.items() if wanted in (OK, MISMATCH)])
def test_a_raw_success_comes_back_at_once_and_is_parsed_on_demand(name: str, how: str) -> None:
    """As often as asked, with the same outcome."""
    given, wanted = ANSWERS[name]

    response = run(how, httpx.MockTransport(given))

    assert isinstance(response, sdk.Response), repr(response)
    assert "parsed" not in repr(response)
    for each in (response, pickle.loads(pickle.dumps(response)), copy.deepcopy(response)):  # noqa: S301 - ours
        if wanted is OK:
            assert each.parsed.api_key == each.parse().api_key == SECRET
            assert each == response
        else:
            for _ in range(2):
                with pytest.raises(sdk.BodyMismatchError) as caught:
                    _ = each.parsed
                assert caught.value.response is each
                assert (caught.value.method, caught.value.path) == ("POST", "/test-api-keys")


def test_a_success_of_another_status_is_read_as_the_documented_one() -> None:
    """When its value is asked for; before, the status is an error, as nobody documented it."""
    error = run("sync", httpx.MockTransport(answer(201, GOOD)))

    assert isinstance(error, sdk.UnexpectedStatusError)
    assert error.response.parsed.api_key == SECRET
    bodies: list[Any] = [[], {"apiKey": 5}]
    for body in bodies:
        raw_answer = run("sync raw", httpx.MockTransport(answer(202, body)))
        with pytest.raises(sdk.BodyMismatchError):
            _ = raw_answer.parsed


def test_an_error_of_a_status_without_a_documented_body_says_so() -> None:
    """Its response cannot be parsed, and is there."""
    error = run("sync raw", httpx.MockTransport(answer(418, b"short and stout")))

    assert isinstance(error, sdk.StatusError)
    with pytest.raises(sdk.StatusError, match="418"):
        _ = error.response.parsed


@pytest.mark.parametrize(("content", "value"), [(b'{"a": 1}', {"a": 1}), (b"<html>", None)])
def test_a_documented_error_that_cannot_be_read_is_one(content: bytes, value: object) -> None:
    """With `raw` it is a value if it is as documented, and else the error that its status means."""
    documented = answering.Documented("json", parsing.ANY)
    came = Received(404, httpx.Headers(JSON), content, 0.0)

    outcome = answering.understand(
        came, answering.Answers((404, 404, documented)), "GET", "/x", frozenset(), raw=True
    )

    if value is None:
        assert isinstance(outcome, sdk.NotFoundError)
        assert outcome.body_problem
    else:
        assert isinstance(outcome, sdk.Response)
        assert outcome.parsed == value


def test_only_text_is_a_message() -> None:
    """Numbers among the errors of a body say nothing to people."""
    assert messages(b'{"errors": [5, "one", null, {"field": ["two", 7]}]}', frozenset()) == [
        "one",
        "field: two",
    ]
