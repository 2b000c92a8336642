"""TLS with a certificate that is made on the spot, for clients that refuse plain http."""

import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

_AUTHORITY = "novapost-mock"
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 (compared, not bound)
# Nobody has these addresses (RFC 5737, RFC 3849), and nothing is sent there.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_PLAIN_NAME = re.compile(r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def hosts_of(host: str, names: Sequence[str]) -> list[str]:
    """Return the names and addresses that a certificate has to be for.

    Args:
        host: where the mock listens. Where that is every address, those are added under which other machines
            reach this one.
        names: further ones.
    """
    own = tuple(_of_this_machine()) if host in _EVERY_ADDRESS else (host.partition("%")[0],)
    return list(dict.fromkeys(("localhost", "127.0.0.1", "::1", *own, *names)))


def context(hosts: Sequence[str], file: Path) -> ssl.SSLContext:
    """Make an authority and a certificate of it, and return what a listener needs.

    The authority's key is forgotten at once, so whoever trusts the file trusts this one certificate and no
    other. The certificate's key is on the disk, in a file of its own, only while it is loaded.

    Args:
        hosts: names and addresses that the certificate is for.
        file: where the authority's certificate is written, for clients to trust.

    Raises:
        ValueError: a package is missing, a name cannot stand in a certificate, or the file holds something
            else than the authority of a mock.
        OSError: the file cannot be read or written.
    """
    try:
        trustme = import_module("trustme")
    except ModuleNotFoundError as error:
        if error.name != "trustme":
            raise
        raise ValueError("--tls needs more: pip install 'novapost-client[mock-tls]'") from None
    if file.is_file() and not _is_authority(file.read_bytes()):
        raise ValueError(
            f"--tls: {ascii(str(file))[1:-1]} is not the authority of a mock and would be overwritten; "
            "the mock makes its own certificate, so name a new file"
        )
    authority = trustme.CA(organization_name=_AUTHORITY)
    try:
        certificate = authority.issue_cert(*hosts)
    except UnicodeError as error:  # such as an underscore, which a name of Docker's may have
        raise ValueError(f"--tls: a name cannot stand in a certificate: {error}") from None
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(found)
    authority.cert_pem.write_to_path(file)
    return found


def _of_this_machine() -> Iterator[str]:
    name = socket.gethostname().lower()
    if _PLAIN_NAME.fullmatch(name):  # others are served under `--allow-host` alone
        yield name
    for family, address in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            # Asks the system which of its addresses it would send from. A datagram socket sends nothing yet.
            probe.connect((address, 9))
            yield str(probe.getsockname()[0])


def _is_authority(content: bytes) -> bool:
    """Tell whether a file holds one certificate, written by a mock before, or nothing."""
    x509 = import_module("cryptography.x509")  # trustme needs it
    if not content.strip():
        return True
    try:
        (certificate,) = x509.load_pem_x509_certificates(content)
    except ValueError:
        return False
    organizations = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return b"PRIVATE" not in content and [each.value for each in organizations] == [_AUTHORITY]
