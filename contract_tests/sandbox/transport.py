"""The only way from the suite to the sandbox: an httpx transport with a guest's pace, budget and phones.

No test can forget these limits: after `block_other_connections` the process connects to nothing but this
machine, except through this transport.
"""

import contextvars
import ipaddress
import json
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from contract_tests.sandbox.errors import Impolite, Spent, Withheld
from contract_tests.sandbox.ledger import Ledger
from contract_tests.sandbox.masking import Masker
from contract_tests.sandbox.phone_scan import parts, phone_like
from contract_tests.sandbox.site import Manners, Site

LARGEST_BODY = 32 * 1024
_LONGEST_HEAD = 16 * 1024
_LONGEST_TEXT = 4096
# No key and no token: it has white space, or is short and has no digit.
_WORDS = re.compile(r".*\s.*|[^0-9]{0,15}", re.DOTALL)
_KNOCK_SECONDS = 10
_inside: contextvars.ContextVar[bool] = contextvars.ContextVar("sandbox-transport", default=False)


@dataclass
class Tally:
    """What the transport did, for the summary.

    Attributes:
        sent: requests that left.
        withheld: requests that did not, by reason.
    """

    sent: int = 0
    withheld: dict[str, int] = field(default_factory=dict)

    def held_back(self, reason: str) -> None:
        """Count one that did not leave."""
        self.withheld[reason] = self.withheld.get(reason, 0) + 1


class SandboxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Lets a request out if a guest may send it, at a guest's pace, under a guest's name.

    Args:
        inner, inner_async: what really sends.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        site: Site,
        manners: Manners,
        ledger: Ledger,
        masker: Masker,
        version: str,
        inner: httpx.BaseTransport | None = None,
        inner_async: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        tls: Any = True if site.tls is None else site.tls
        self.site, self.manners, self.ledger, self.masker = site, manners, ledger, masker
        self.tally = Tally()
        self._inner = inner or httpx.HTTPTransport(trust_env=False, verify=tls, limits=limits)
        self._inner_async = inner_async or httpx.AsyncHTTPTransport(
            trust_env=False, verify=tls, limits=limits
        )
        self.user_agent = manners.user_agent(version)
        self._sleep = sleep if site.unhurried else lambda seconds: None
        self._share: int | None = None

    def check_reachable(self) -> None:
        """Check that a server with a trusted certificate is there; no request is sent.

        Raises:
            OSError: nobody is, or somebody else.
        """
        _, host, port = self.site.origin
        trusted = self.site.tls or httpx.create_ssl_context(trust_env=False)
        token = _inside.set(True)
        try:
            with socket.create_connection((host, port), timeout=_KNOCK_SECONDS) as plain:
                trusted.wrap_socket(plain, server_hostname=host).close()
        finally:
            _inside.reset(token)

    def pause(self, seconds: float) -> None:
        """Leave the sandbox alone for a while."""
        self._sleep(seconds)

    def end_share(self) -> None:
        """Send no further requests in this test."""
        self._share = 0

    @contextmanager
    def share(self, requests: int) -> Iterator[None]:
        """Let no more than so many requests out until the block ends."""
        self._share = requests
        try:
            yield
        finally:
            self._share = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let it out, or not.

        Raises:
            Withheld: it does not leave.
            httpx.TransportError: it left, and nothing came back.
        """
        request.read()
        entry = self._let_out(request)
        token = _inside.set(True)
        try:
            response = self._inner.handle_request(request)
            response.read()
        finally:
            _inside.reset(token)
        self._came_back(entry, response)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request for asyncio. The pace is kept by waiting in place: nothing else should run."""
        await request.aread()
        entry = self._let_out(request)
        token = _inside.set(True)
        try:
            response = await self._inner_async.handle_async_request(request)
            await response.aread()
        finally:
            _inside.reset(token)
        self._came_back(entry, response)
        return response

    def _let_out(self, request: httpx.Request) -> int | None:
        try:
            carries_own = self._look(request)
            if self._share is not None and self._share <= 0:
                raise Spent("the test has sent as many requests as it said it would")
            if carries_own and not self._may_ask(request):
                raise Withheld(f"PHONE goes nowhere but into the body of {self.manners.phone_goes_to}")
            # The budget first: an issuing on record that then does not leave would cost a day.
            self.ledger.take(self.manners.requests)
            entry = self.ledger.issue(self.manners.phones.own or "") if carries_own else None
        except Withheld as reason:
            self.tally.held_back(str(reason))
            raise
        if self._share is not None:
            self._share -= 1
        self.tally.sent += 1
        request.headers["User-Agent"] = self.user_agent
        started = time.perf_counter()
        self._sleep(self.ledger.wait(self.site.host, self.manners.per_second, self.manners.burst))
        # So that nobody takes our own pace for the target's slowness.
        request.extensions["waited"] = time.perf_counter() - started
        return entry

    def _look(self, request: httpx.Request) -> bool:
        """Tell whether the request carries the tester's phone.

        Raises:
            Withheld: it goes elsewhere, is too large, cannot be read, or carries somebody's phone.
        """
        url = request.url
        origin = url.scheme, url.host.lower().rstrip("."), url.port or (443 if url.scheme == "https" else 80)
        if origin != self.site.origin:
            raise Withheld("it is for another host than the sandbox")
        names = {self.site.host, "{}:{}".format(*self.site.origin[1:])}
        if len(named := request.headers.get_list("host")) > 1 or not names.issuperset(map(str.lower, named)):
            raise Withheld("it names another host than the sandbox")
        if url.userinfo or url.fragment or {"target", "sni_hostname"} & request.extensions.keys():
            raise Withheld("it says in an unusual place where it is for")
        if len(request.content) > LARGEST_BODY:
            raise Withheld(f"its body has more than {LARGEST_BODY // 1024} KiB")
        head = len(url.raw_path) + sum(len(name) + len(value) for name, value in request.headers.raw)
        if head > _LONGEST_HEAD:
            raise Withheld(f"its head has more than {_LONGEST_HEAD // 1024} KiB")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Withheld("its body is encoded, so that a phone in it would not be seen")
        return self._look_for_phones(request)

    def _look_for_phones(self, request: httpx.Request) -> bool:
        own, carries_own = self.manners.phones.own, False
        given = [secret.encode() for secret in self.masker.given() if secret != own]
        for part in parts(request):
            for secret in given:
                # What the sandbox gave may go back to it, whatever digits it has.
                part = part.replace(secret, b"given")
            for digits in phone_like(part):
                if not self.manners.phones.may_leave(digits):
                    raise Withheld("it carries digits that could be somebody's phone")
                carries_own = carries_own or digits == own
        return carries_own

    def _may_ask(self, request: httpx.Request) -> bool:
        path = self.site.base_url.partition(self.site.host)[2].partition("/")[2]
        method, _, below = self.manners.phone_goes_to.partition(" /")
        return request.method == method and request.url.raw_path.decode() == f"/{path}{below}"

    def _came_back(self, entry: int | None, response: httpx.Response) -> None:
        self.masker.learn(secrets_in(response.content))
        if entry is not None:
            self.ledger.answered(entry, response.status_code)

    def close(self) -> None:
        """Close the sync connections."""
        self._inner.close()

    async def aclose(self) -> None:
        """Close the async connections."""
        await self._inner_async.aclose()


def secrets_in(body: bytes) -> list[str]:
    """Yield every key and token in a JSON body, at any depth and under any name.

    What an error says of a parameter stands under the parameter's name as well: words are no secret.
    """
    try:
        level: list[tuple[str, Any, bool]] = [("", json.loads(body[:1_000_000]), False)]
    except (ValueError, RecursionError):
        return []
    found = []
    while level:
        name, node, in_error = level.pop()
        if isinstance(node, dict):
            level += ((key, item, in_error or key == "errors") for key, item in node.items())
        elif isinstance(node, list):
            level += ((name, item, in_error) for item in node)
        elif isinstance(node, str) and name.lower() in ("apikey", "jwt", "token", "key"):
            found += [] if in_error and _WORDS.fullmatch(node) else [node[:_LONGEST_TEXT]]
    return found


def block_other_connections() -> None:
    """Keep this process from connecting to any other machine, except through the sandbox's transport.

    It cannot be undone (an audit hook, PEP 578), which is the point: a test that makes a client of its own
    fails before anything leaves.
    """
    sys.addaudithook(_refuse_other_ways)


def _refuse_other_ways(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto", "socket.sendmsg") or _inside.get():
        return
    address = arguments[1] if len(arguments) > 1 else None
    if not isinstance(address, tuple) or not address:
        return  # a socket of this machine by its path, or one that is connected already
    try:
        local = ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
    except ValueError:
        local = address[0] in ("localhost", "")
    if not local:
        raise Impolite("a connection past the sandbox's transport: use the fixtures `wire` or `api`")
