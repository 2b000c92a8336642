"""Pages as replies: filled and escaped templates, with a policy that allows no other sources."""

import functools
import hashlib
import importlib.resources
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jinja2
from markupsafe import Markup

from novapost_mock.console.addresses import HOME, ROOT
from novapost_mock.console.texts import COOKIE, LANGUAGES, Texts, chosen
from novapost_mock.console.visit import Visit
from novapost_mock.control.routes import ORIGIN
from novapost_mock.keys.clock import write_moment
from novapost_mock.messages import Reply, Request

# `data:` are the icons in the viewer's style sheet. Without `same-origin` for the referrer, a browser would
# send the forms with `Origin: null`.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)

STATIC: Mapping[str, str] = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "journal.js": "text/javascript; charset=utf-8",
    "reference.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "swagger-ui/swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
"""The files that are served, with their types. Nothing else is, whatever a path says."""

PAGES = ("key", "keys", "clients", "clock", "faults", "journal", "reference")
"""The pages of the menu, in its order."""

# Where the switch of languages leads: the page itself, or the first one where a page is an answer to a form.
_PLACES = {**{each: ROOT + each for each in PAGES[1:]}, "sign_in": f"{ROOT}sign-in"}


def page(visit: Visit, name: str, status: int = 200, **values: object) -> Reply:
    """Return a page.

    Args:
        visit: the request.
        name: of the template.
        status: the HTTP status.
        values: the values for the template.
    """
    values = {"now": visit.now, "sha256": visit.mock.document.sha256, **values}
    return bare(visit.request, visit.texts, name, status, **values)


def bare(request: Request, texts: Texts, name: str, status: int = 200, **values: object) -> Reply:
    """Return a page without data of the sandbox. See `page`."""
    shown = {
        "t": texts,
        "home": HOME,
        "root": ROOT,
        "languages": LANGUAGES,
        "pages": PAGES,
        "at": name,
        **values,
    }
    shown["place"] = _PLACES.get(name, HOME)
    body = _environment().get_template(f"{name}.html").render(shown).encode("utf-8", "replace")
    reply = Reply(
        status, (*_described("text/html; charset=utf-8", body, "no-store"), *_HEADERS), body, None, ORIGIN
    )
    language = chosen(request)
    if language is None:
        return reply
    return reply.with_header(
        "Set-Cookie", f"{COOKIE}={language}; Path={HOME}; Max-Age=31536000; SameSite=Strict; HttpOnly"
    )


def json_of(text: str) -> Reply:
    """Return a JSON text."""
    body = text.encode("utf-8", "replace")
    return Reply(200, (*_described("application/json", body, "no-store"), *_HEADERS), body, None, ORIGIN)


def back_to(page_name: str, did: str = "") -> Reply:
    """Send the browser to a page with a message about the result."""
    place = HOME if page_name == "key" else ROOT + page_name
    location = f"{place}?did={did}" if did else place
    return Reply(303, (("Location", location), ("Content-Length", "0"), *_HEADERS), b"", None, ORIGIN)


def static(name: str) -> Reply | None:
    """Return a file of the console, or None."""
    if name not in STATIC:
        return None
    body = _content(name)
    kept = "public, max-age=31536000, immutable"
    return Reply(200, (*_described(STATIC[name], body, kept), *_HEADERS), body, None, ORIGIN)


def _described(kind: str, body: bytes, kept: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", kept))


@functools.cache
def _content(name: str) -> bytes:
    return importlib.resources.files(__package__).joinpath("static", *name.split("/")).read_bytes()


@functools.cache
def _address(name: str) -> str:
    # The sum stands in the address, so that a browser may keep a file as long as it is the same.
    return f"{ROOT}static/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=_address)
    environment.filters.update(moment=_moment, minutes=_minutes)
    return environment


def _moment(value: datetime) -> Markup:
    """Return a moment to the second, for readers and for machines."""
    exact = write_moment(value, 0)
    return Markup('<time datetime="{}">{} {} UTC</time>').format(exact, exact[:10], exact[11:19])


def _minutes(seconds: Any) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
