"""TLS with a certificate that is made on the spot, for clients that refuse plain http."""

import ssl
from importlib import import_module
from pathlib import Path


def context(hosts: list[str], file: Path) -> ssl.SSLContext:
    """Make an authority and a certificate of it, and return what a listener needs.

    The authority's key is forgotten at once, so whoever trusts the file trusts this one certificate and no
    other. The certificate's key never touches the disk.

    Args:
        hosts: names and addresses that the certificate is for.
        file: where the authority's certificate is written, for clients to trust.

    Raises:
        ValueError: a package is missing.
        OSError: the file cannot be written.
    """
    try:
        trustme = import_module("trustme")
    except ModuleNotFoundError as error:
        if error.name != "trustme":
            raise
        raise ValueError("--tls needs more: pip install 'novapost-client[mock-tls]'") from None
    authority = trustme.CA(organization_name="novapost-mock")
    certificate = authority.issue_cert(*hosts)
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(found)
    authority.cert_pem.write_to_path(file)
    return found
