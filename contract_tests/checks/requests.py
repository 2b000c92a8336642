"""Judge a request by the document: what of it is surely wrong, so that no correct server takes it.

Formats are left out: they are annotations, and a server may not check them. A text is read generously, as any
server might read it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from contract_tests.checks.left_to_http import has_odd_bytes
from contract_tests.checks.operations import Document, Operation, covers, is_json
from contract_tests.checks.parameter_styles import is_sound, unmarked
from contract_tests.target.exchange import Sent, strict_json

_TRUE_OR_FALSE = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
_TRUE_OR_FALSE |= {"on": True, "off": False}
_LONGEST_TEXT = 4096
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
# Preferences are advice (RFC 9110, section 12.5), and what OpenAPI says in other places.
_ADVICE = {"accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "content-type"}


def faults(sent: Sent, operation: Operation, document: Document, *, strictly: bool = False) -> Iterator[str]:
    """Yield what is surely wrong about a request, such as "the required query parameter `q` is missing".

    Args:
        strictly: yield also what only some servers see, such as a broken format or `null` in an address.
    """
    yield from _parameters(sent, operation, document, strictly)
    yield from _body(sent, operation, document, strictly)


def is_unclear(sent: Sent) -> bool:
    """Return whether a server may refuse a request for how it is written, whatever it says."""
    if has_odd_bytes(sent):
        return True
    if not sent.body:
        return False
    if not is_json(sent.headers.get("content-type", "").partition(";")[0].strip().lower()):
        return True
    try:
        strict_json(sent.body)
    except ValueError:
        return True
    return False


def is_doubtful(sent: Sent, operation: Operation, document: Document) -> bool:
    """Return whether a server may see a fault that `faults` does not count, such as a broken format.

    Of parameters that is whatever not everybody reads in one way as a value that fits.
    """
    if any(True for _ in faults(sent, operation, document, strictly=True)):
        return True
    if any(not value.strip() or not name for name, value in sent.query):
        return True
    return any(
        not is_sound(parameter, texts, sent.query, document)
        for parameter, texts, is_sent in _sent_parameters(sent, operation, document)
        if is_sent
    )


def _sent_parameters(
    sent: Sent, operation: Operation, document: Document
) -> Iterator[tuple[Mapping[str, Any], list[str], bool]]:
    """Yield parameters, the values that were sent for each, and whether anything was."""
    in_path = operation.path_values(sent.path)
    names = {key for key, _ in sent.query}
    cookies = [each.strip().partition("=") for each in sent.headers.get("cookie", "").split(";")]
    for parameter in operation.parameters:
        name, place = parameter["name"], parameter.get("in")
        if place == "query":
            texts = [value for key, value in sent.query if key == name]
            beside = {key.partition("[")[0] for key in names}
            members = _members(parameter, document)
            required = parameter.get("required") is True
            yield parameter, texts, bool(texts) or required or name in beside or bool(members & names)
        elif place == "header" and name.lower() not in _ADVICE:
            texts = [sent.headers[name.lower()]] if name.lower() in sent.headers else []
            yield parameter, texts, bool(texts)
        elif place == "path":
            yield parameter, [unquote(in_path[name])] if name in in_path else [], name in in_path
        elif place == "cookie":
            texts = [unquote(value) for key, _, value in cookies if key == name]
            yield parameter, texts, bool(texts)


def _members(parameter: Mapping[str, Any], document: Document) -> set[str]:
    """Return the names under which an object's members stand in a query by themselves."""
    if parameter.get("style", "form") != "form" or parameter.get("explode") is False:
        return set()
    schema = document.resolve(parameter.get("schema") or {})
    return set(schema.get("properties") or ()) if schema.get("type") == "object" else set()


def _parameters(
    sent: Sent, operation: Operation, document: Document, strictly: bool = False
) -> Iterator[str]:
    in_path = operation.path_values(sent.path)
    for parameter in operation.parameters:
        name, place = parameter["name"], parameter.get("in")
        if place == "query":
            values = [value for key, value in sent.query if key == name]
            near = any(key.partition("[")[0] == name.partition("[")[0] for key, _ in sent.query)
        elif place == "header" and name.lower() in _ADVICE:
            continue
        elif place == "header":
            values = [sent.headers[name.lower()]] if name.lower() in sent.headers else []
            near = bool(values)
        elif place == "path":
            values = [unmarked(parameter, unquote(in_path[name]))] if name in in_path else []
            near = True
        else:
            continue
        schema = parameter.get("schema")
        if not values:
            if parameter.get("required") is True and not near and not _may_be_empty(schema, document):
                yield f"the required {place} parameter `{name}` is missing"
        elif (
            len(values) == 1
            and isinstance(schema, dict)
            and not text_fits(values[0], schema, document, strictly=strictly)
        ):
            yield f"the {place} parameter `{name}` does not fit its schema"


def _may_be_empty(schema: Any, document: Document) -> bool:
    """Return whether a parameter may vanish in its serialization: arrays and objects do when empty."""
    kind = document.resolve(schema).get("type") if isinstance(schema, dict) else None
    return kind not in ("string", "integer", "number", "boolean")


def text_fits(text: str, schema: Mapping[str, Any], document: Document, *, strictly: bool = False) -> bool:
    """Return whether any reading of a text fits; texts that may stand for nothing always do."""
    resolved = document.resolve(schema)
    kind = resolved.get("type")
    if (
        not text.strip()
        or kind not in ("string", "integer", "number", "boolean")
        or len(text) > _LONGEST_TEXT
    ):
        return True
    if text in ("null", "None") and kind != "string":
        return not strictly
    return any(
        not document.complaints(schema, value, "request", formats=strictly) for value in _readings(text, kind)
    )


def _readings(text: str, kind: str) -> Iterator[Any]:
    if kind == "string":
        yield text
        yield text.strip()
        return
    plain = text.strip()
    if kind == "boolean" and plain.lower() in _TRUE_OR_FALSE:
        yield _TRUE_OR_FALSE[plain.lower()]
    if kind in ("integer", "number"):
        try:
            yield int(plain)  # exactly, however long it is
            return
        except ValueError:
            pass
        try:
            number = float(plain.replace("_", ""))
        except ValueError:
            return
        if number == number and abs(number) != float("inf"):
            yield int(number) if number.is_integer() else number


def _body(sent: Sent, operation: Operation, document: Document, strictly: bool = False) -> Iterator[str]:
    media_type = sent.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not sent.body:
        # No bytes are a text, too, and a file.
        texts = [name for name in operation.content if not is_json(name) and name not in (FORM, MULTIPART)]
        # Without a media type they may be taken for any (RFC 9110, section 8.3).
        is_text = any(not media_type or covers(name, media_type) for name in texts) and not is_json(
            media_type
        )
        missing = operation.body_required and not sent.headers.get("content-length", "0").strip("0")
        if missing and (strictly or not is_text):
            yield "the required body is missing"
        return
    if media_type == FORM and media_type in operation.content:
        yield from _form(sent, operation.content[media_type], document)
    if media_type not in operation.content or not is_json(media_type):
        return
    try:
        value = json.loads(sent.body)
    except UnicodeDecodeError:
        return
    except ValueError:
        yield "the body is not JSON"
        return
    except RecursionError:
        return
    try:
        strict_json(sent.body)
    except ValueError:
        return  # such as a key twice, or NaN: readers differ
    schema = operation.content[media_type]
    for complaint in document.complaints(schema, value, "request", formats=strictly)[:1]:
        yield f"the body breaks its schema: {complaint}"


def _form(sent: Sent, schema: Any, document: Document) -> Iterator[str]:
    """Yield what is wrong with the fields of a form that are texts, numbers or truths."""
    resolved = document.resolve(schema) if isinstance(schema, dict) else {}
    try:
        pairs = parse_qsl(sent.body.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        return
    properties = resolved.get("properties") or {}
    required = resolved.get("required") or ()
    for name, member in properties.items():
        texts = [text for key, text in pairs if key == name]
        near = any(key.partition("[")[0] == name for key, _ in pairs)
        if not texts and name in required and not near and not _may_be_empty(member, document):
            yield f"the required field `{name}` is missing"
        elif len(texts) == 1 and isinstance(member, dict) and not text_fits(texts[0], member, document):
            yield f"the field `{name}` does not fit its schema"
