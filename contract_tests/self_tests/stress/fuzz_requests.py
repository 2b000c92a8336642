"""What the fuzz sends: valid requests, broken ones, and bytes that are none, all from one seed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

EXAMPLE = "498213437654"
KEYS = b"/v.1.0/test-api-keys"
TOKENS = b"/v.1.0/clients/authorization"
_METHODS = (
    b"GET",
    b"POST",
    b"PUT",
    b"DELETE",
    b"PATCH",
    b"OPTIONS",
    b"TRACE",
    b"QUERY",
    b"HEAD",
    b"FOO",
    b"post",
)
_HOSTS = (
    b"127.0.0.1",
    b"localhost:8080",
    b"[::1]",
    b"mock",
    b"evil.example",
    b"",
    b"a b",
    b"127.0.0.1.evil.example",
)
_CODES = (
    b"200",
    b"400",
    b"401",
    b"404",
    b"409",
    b"422",
    b"429",
    b"503",
    b"418",
    b"99999999999999999999",
    b"x",
)
_LOOKED_AT = (b"health", b"clock", b"keys", b"clients", b"journal", b"faults", b"nothing")
_ODD = (
    b"null",
    b"[]",
    b"{}",
    b'"x"',
    b"0",
    b"1e999",
    b"NaN",
    b"[" * 3000,
    b'{"phone":' * 200,
    b"{",
    b"\xff\xfe",
    b"",
    b"   ",
    b'{"phone": null}',
    b'{"phone": "1", "phone": "2"}',
    b'{"phone": "\\ud800"}',
    b"\x00" * 50,
    b"9" * 5000,
    b'{"phone": ["4915112345678"]}',
    b'{"phone": "' + b"9" * 3000 + b'"}',
    b'{"x": 1}',
    b"{" + b'"a":{' * 100,
)
_BROKEN_LINES = (
    b"A : b",
    b" folded",
    b"A",
    b": b",
    b"Content-Length: 1",
    b"Content-Length: -1",
    b"Content-Length: 1, 1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: identity",
    b"Host: other",
    b"Expect: 100-continue",
    b"Connection: upgrade\r\nUpgrade: h2c",
    b"X: " + b"y" * 5000,
    b"X: " + b"y" * 40_000,
    b"A: b\nC: d",
    b"A: b\x00",
    b"A\x80: b",
    b"A: \xff\xfe",
    b"Connection: close",
    b"Prefer: code=503",
    b'Prefer: code="5',
    b"Content-Type: text/plain",
    b"Origin: http://e",
)
_CHUNKS = (
    b"0\r\n\r\n",
    b"3\r\nabc\r\n0\r\n\r\n",
    b"fffffffffffffffff\r\n",
    b"3\r\nabcd\r\n",
    b"-1\r\n",
    b"3 \r\nabc\r\n0\r\n\r\n",
    b"1;" + b"x" * 9000 + b"\r\na\r\n0\r\n\r\n",
    b"0\r\nX: y\r\n\r\n",
    b"1\na\n0\n\n",
    b"0x1\r\na\r\n",
)


@dataclass(frozen=True, slots=True)
class Case:
    """Something to send.

    Attributes:
        content: the bytes.
        is_valid: whether it is HTTP/1.1 to the letter, with a `Content-Length` that is right, so that it has
            exactly one answer and the connection stays.
        has_no_body: whether the answer has none although its headers tell of one: HEAD.
        asked: the statuses of 500 and above that it asks for.
        secrets: what no error may repeat.
    """

    content: bytes
    is_valid: bool
    has_no_body: bool = False
    asked: frozenset[int] = frozenset()
    secrets: tuple[bytes, ...] = ()


class Mixture:
    """Draws cases; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.key = b"0" * 40
        """A key that is good for a token, once one has been seen."""

    def valid(self) -> Case:
        """Draw a request that every server understands, though it may well refuse it."""
        return self._random.choice(_VALID)(self)

    def broken(self) -> Case:
        """Draw something that begins like a request."""
        make = self._random.choice(_BROKEN)
        case = make(self)
        asked = frozenset({503}) if b"503" in case.content else frozenset[int]()
        return Case(case.content, False, False, asked, case.secrets)

    def raw(self) -> Case:
        """Draw bytes."""
        size = self._random.choice((1, 5, 40, 400, 4000))
        return Case(self._random.randbytes(size), False)

    # Valid ones

    def _plain(
        self,
        method: bytes,
        target: bytes,
        body: bytes = b"",
        *lines: bytes,
        asked: frozenset[int] = frozenset(),
        secrets: tuple[bytes, ...] = (),
    ) -> Case:
        head = [method + b" " + target + b" HTTP/1.1", b"Host: 127.0.0.1", *lines]
        if body or method in (b"POST", b"PUT"):
            head.append(b"Content-Length: %d" % len(body))
        content = b"\r\n".join(head) + b"\r\n\r\n" + body
        return Case(content, True, method == b"HEAD", asked, secrets)

    def _phone(self) -> bytes:
        return b"49151%08d" % self._random.randrange(10**8)

    def _json(self, value: object) -> bytes:
        return json.dumps(value).encode()

    def ask(self) -> Case:
        return self._plain(b"POST", KEYS, b'{"phone": "498213437654"}', b"Content-Type: application/json")

    def ask_for_another(self) -> Case:
        phone = self._phone()
        body = b'{"phone": "' + phone + b'"}'
        return self._plain(b"POST", KEYS, body, b"Content-Type: application/json", secrets=(phone,))

    def ask_oddly(self) -> Case:
        return self._plain(b"POST", KEYS, self._random.choice(_ODD), b"Content-Type: application/json")

    def ask_for_much(self) -> Case:
        size = self._random.choice((65_536, 65_537, 100_000))
        return self._plain(b"POST", KEYS, b" " * size, b"Content-Type: application/json")

    def buy(self) -> Case:
        return self._plain(b"GET", TOKENS + b"?apiKey=" + self.key, secrets=(self.key,))

    def buy_with_another(self) -> Case:
        key = self._random.randbytes(20).hex().encode()
        given = self._random.choice(
            (key, key[:7], key + key, b"%00" + key, b"%ff" + key, key + b"&apiKey=" + key)
        )
        return self._plain(b"GET", TOKENS + b"?apiKey=" + given, secrets=(key,))

    def prefer(self) -> Case:
        code = self._random.choice(_CODES)
        asked = frozenset({503}) if code == b"503" else frozenset[int]()
        method, target = self._random.choice(((b"POST", KEYS), (b"GET", TOKENS)))
        return self._plain(method, target, b"", b"Prefer: code=" + code, asked=asked)

    def stray(self) -> Case:
        method = self._random.choice(_METHODS[:9])
        phone = self._phone()
        target = self._random.choice(
            (b"/", KEYS, TOKENS, b"/v.1.0/" + phone, b"/%zz/" + phone, b"/__mock__/" + phone)
        )
        return self._plain(method, target, b"", b"X-Id: " + phone, secrets=(phone,))

    def look(self) -> Case:
        name = self._random.choice(_LOOKED_AT)
        return self._plain(b"GET", b"/__mock__/" + name)

    def steer(self) -> Case:
        phone = self._phone()
        match self._random.randrange(6):
            case 0:
                return self._plain(
                    b"PUT", b"/__mock__/clients/" + phone, self._json({"matches": self._random.randrange(3)})
                )
            case 1:
                return self._plain(b"DELETE", b"/__mock__/clients/" + phone)
            case 2:
                return self._plain(
                    b"PUT",
                    b"/__mock__/clock",
                    self._json({"advance_seconds": self._random.randrange(100_000)}),
                )
            case 3:
                return self._plain(b"POST", b"/__mock__/cleanup", self._json({"phone": EXAMPLE}))
            case 4:
                return self._plain(b"PUT", b"/__mock__/clock", self._random.choice(_ODD))
            case _:
                # Now and then only: a reset makes everything before it easy again.
                return (
                    self._plain(b"POST", b"/__mock__/reset") if self._random.random() < 0.02 else self.look()
                )

    # Broken ones

    def mutated(self) -> Case:
        case = self.valid()
        content = bytearray(case.content)
        for _ in range(self._random.randrange(1, 5)):
            at = self._random.randrange(len(content) + 1)
            match self._random.randrange(4):
                case 0:
                    content[at:at] = self._random.randbytes(self._random.randrange(1, 4))
                case 1:
                    del content[at : at + self._random.randrange(1, 8)]
                case 2 if at < len(content):
                    content[at] ^= 1 << self._random.randrange(8)
                case _:
                    content[at:at] = content[at : at + self._random.randrange(1, 40)]
        return Case(bytes(content), False, False, frozenset(), ())

    def cut(self) -> Case:
        content = self.valid().content
        return Case(content[: self._random.randrange(len(content))], False)

    def with_a_broken_line(self) -> Case:
        case = self.valid()
        lines = case.content.split(b"\r\n")
        lines.insert(self._random.randrange(min(len(lines), 4) + 1), self._random.choice(_BROKEN_LINES))
        return Case(b"\r\n".join(lines), False, False, case.asked, case.secrets)

    def of_another_host(self) -> Case:
        method = self._random.choice(_METHODS)
        host = self._random.choice(_HOSTS)
        return Case(method + b" " + KEYS + b" HTTP/1.1\r\nHost: " + host + b"\r\n\r\n", False)

    def in_chunks(self) -> Case:
        head = (
            b"POST "
            + KEYS
            + b" HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        return Case(head + self._random.choice(_CHUNKS), False)

    def of_another_version(self) -> Case:
        version = self._random.choice(
            (b"HTTP/0.9", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.9", b"HTTX/1.1", b"", b"http/1.1")
        )
        return Case(b"GET " + TOKENS + b"?apiKey= " + version + b"\r\nHost: a\r\n\r\n", False)

    def with_much_before_it(self) -> Case:
        size = self._random.choice((8000, 9000, 33_000, 70_000))
        what = self._random.choice(
            (b"GET /", b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"\r\n", b"GET / HTTP/1.1\r\nX: ")
        )
        lines = b"a: b\r\n" * (size // 60) if what == b"\r\n" else b""
        return Case(what + lines + b"a" * size + b"\r\n\r\n", False)


_VALID: Sequence[Callable[[Mixture], Case]] = (
    *[Mixture.ask] * 6,
    *[Mixture.buy] * 5,
    *[Mixture.ask_for_another] * 2,
    *[Mixture.buy_with_another] * 2,
    *[Mixture.ask_oddly] * 2,
    *[Mixture.prefer] * 2,
    *[Mixture.stray] * 2,
    Mixture.look,
    Mixture.steer,
)
_BROKEN: Sequence[Callable[[Mixture], Case]] = (
    *[Mixture.mutated] * 5,
    *[Mixture.cut] * 2,
    *[Mixture.with_a_broken_line] * 4,
    *[Mixture.in_chunks] * 2,
    Mixture.of_another_host,
    Mixture.of_another_version,
    Mixture.with_much_before_it,
    Mixture.ask_for_much,
)
