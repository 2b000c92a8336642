"""What HTTP itself leaves to a server, whatever a document says (RFC 9110): no check calls it wrong."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

from contract_tests.checks.document import Contract
from contract_tests.checks.operations import covers
from contract_tests.target.exchange import Exchange, Received, Sent

_MAX_PLAIN_BODY = 16 * 1024
_REDIRECTIONS = (301, 302, 303, 307, 308)


def is_unknown_method(sent: Sent, status: int) -> bool:
    """Return whether a server says that it knows no such method (RFC 9110, sections 9.1 and 15.6.2)."""
    return status == 501 and sent.method not in ("GET", "HEAD")


def is_left_to_http(exchange: Exchange, received: Received, contract: Contract) -> bool:
    """Return whether HTTP itself lets any server give this status to this request, documented or not."""
    sent, status = exchange.sent, received.status
    if contract.find(sent.method, sent.path) is None:
        # 405 is what a server should say of a method (RFC 9110, section 9.1); 404 is no lie either.
        return (
            status == 404
            or (status == 405 and bool(contract.methods(sent.path)))
            or is_unknown_method(sent, status)
            or is_before_the_application(sent, status)
            or leads_elsewhere(sent, received, contract)
        )
    return is_about_the_envelope(sent, status, contract)


def is_before_the_application(sent: Sent, status: int) -> bool:
    """Return whether a gateway may have refused the bytes of a request, in its own words.

    400 is for what looks like a malformed request or an attack (RFC 9110, sections 5.5 and 15.5.1). No
    document of an API speaks of bytes that no client writes, and the application may never see them.
    """
    return status == 400 and has_odd_bytes(sent)


def has_odd_bytes(sent: Sent) -> bool:
    """Return whether any server may refuse the bytes of a target or of a header, whatever they mean.

    In a target that is what no address holds as it is (RFC 3986, section 2), a zero byte (section 7.3), what
    is no UTF-8, and a control character in a path or in the name of a parameter, where firewalls look for it.
    In the value of a parameter an encoded one is data as all others, and the application answers.
    """
    if any(not "!" <= char <= "~" for char in sent.url) or "%00" in sent.url:
        return True
    path, _, query = sent.url.partition("?")
    names = (each.partition("=")[0] for each in query.split("&"))
    try:
        unquote_to_bytes(query).decode("utf-8")
        named = unquote_to_bytes("".join((path, *names))).decode("utf-8")
    except UnicodeDecodeError:
        return True
    if any(unicodedata.category(char) == "Cc" for char in named):
        return True
    return any(not (" " <= char <= "~" or char == "\t") for v in sent.headers.values() for char in v)


def leads_elsewhere(sent: Sent, received: Received, contract: Contract) -> bool:
    """Return whether who asks for a path that the document does not know is sent on (RFC 9110, 15.4)."""
    is_known = bool(contract.methods(sent.path))
    return not is_known and received.status in _REDIRECTIONS and bool(received.headers.get("location"))


def is_plain_json(sent: Sent) -> bool:
    """Tell whether a server cannot refuse a body for its envelope: JSON by name, UTF-8, of usual size."""
    media_type, _, parameters = sent.headers.get("content-type", "").partition(";")
    if media_type.strip().lower() != "application/json" or len(sent.body) > _MAX_PLAIN_BODY:
        return False
    return "charset" not in parameters.lower() or "utf-8" in parameters.lower()


def is_about_the_envelope(sent: Sent, status: int, contract: Contract) -> bool:
    """Tell whether HTTP itself allows a status for an unusual request (RFC 9110, section 15.5)."""
    if status == 406:
        return not re.search(r"\*/\*|application/(\*|json)", sent.headers.get("accept", "*/*"))
    if status == 413:
        return len(sent.body) > contract.knowledge.usual_body
    if status == 414:
        return len(sent.url) > 4096
    if status == 431:
        return sum(map(len, sent.headers.values())) > 4096
    if status == 422:
        return _has_another_type(sent, contract)
    if status == 400 and has_odd_bytes(sent):
        return True
    return status == 415 and not is_plain_json(sent)


def _has_another_type(sent: Sent, contract: Contract) -> bool:
    """Return whether a body has a media type for which the document says nothing.

    415 is meant for that (RFC 9110, section 15.5.16), and 400 is no lie; many frameworks read the content all
    the same, and say with 422 that they cannot process it.
    """
    operation = contract.find(sent.method, sent.path)
    named = sent.headers.get("content-type", "").partition(";")[0].strip().lower()
    media_type = named or "application/octet-stream"  # as RFC 9110, section 8.3 lets a reader assume
    return (
        operation is not None
        and bool(operation.content)
        and bool(sent.body)
        and not any(covers(documented, media_type) for documented in operation.content)
    )


def is_of_http_itself(sent: Sent, received: Received, contract: Contract) -> bool:
    """Tell whether HTTP itself offers a method: HEAD for GET, OPTIONS with Allow (RFC 9110, section 9.3)."""
    methods = contract.methods(sent.path)
    if sent.method == "OPTIONS":
        return bool(methods) and received.status in (200, 204) and methods <= allowed(received)
    got = contract.find("GET", sent.path)
    return sent.method == "HEAD" and got is not None and got.response(received.status) is not None


def allowed(received: Received) -> set[str]:
    """Return the methods that Allow names."""
    return {method.strip().upper() for method in received.headers.get("allow", "").split(",")} - {""}
