"""The options of `novapost-mock`, and their allowed values."""

import argparse
import re
from pathlib import Path
from typing import NoReturn

from novapost_mock.cli_state import version
from novapost_mock.keys.help import EXAMPLE_PHONE, HELP

TOKEN_VARIABLE = "NOVAPOST_MOCK_CONTROL_TOKEN"

MAX_WORKERS = 64

# The certificate that a client of `--tls` trusts, in the folder of the start.
_CA_FILE = Path("novapost-mock-ca.pem")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {message}\n")


class _Version(argparse.Action):
    """Show the version. Only then it is looked up, for that reads the folders of all installed packages."""

    def __call__(self, parser: argparse.ArgumentParser, *ignored: object) -> NoReturn:
        print(f"novapost-mock {version()}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    options = _Parser(
        prog="novapost-mock",
        description=HELP.partition("\n\n")[0],
        epilog=HELP.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    options.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    options.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    options.add_argument(
        "--port", type=_port, default=8080, help="port to listen on, 0 for a free one (8080)"
    )
    options.add_argument(
        "--client",
        type=_client,
        action="append",
        metavar="PHONE[=MATCHES]",
        help=f"register a phone at the start; may be repeated (only {EXAMPLE_PHONE})",
    )
    options.add_argument(
        "--allow-host",
        type=_name,
        action="append",
        default=[],
        metavar="NAME",
        help="accept requests whose Host is this name; may be repeated (addresses and names without a dot "
        "are always accepted)",
    )
    options.add_argument(
        "--control-token",
        type=_token,
        metavar="TOKEN",
        help="require Authorization: Bearer TOKEN for the control API; better set by "
        f"{TOKEN_VARIABLE} (none, or a new one when --host is not loopback)",
    )
    options.add_argument(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin use the API, but not the control API; may be repeated; '*' allows all "
        "origins, 'none' only the named ones (default: also the pages of this machine)",
    )
    options.add_argument(
        "--tls",
        type=Path,
        nargs="?",
        const=_CA_FILE,
        metavar="FILE",
        help="serve https with a new certificate, and write the authority that clients have to "
        "trust to this file (novapost-mock-ca.pem)",
    )
    options.add_argument(
        "--state",
        metavar="FILE",
        help="keep keys and clients in a SQLite file, which is created if missing, or in PostgreSQL:"
        " postgresql://user@host/database; an existing state is continued (default: keep them in memory)",
    )
    options.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="processes that share one --state (1)"
    )
    other = options.add_argument_group("another document")
    other.add_argument(
        "--spec",
        type=Path,
        metavar="FILE",
        help="serve this OpenAPI 3.0 to 3.2 document, JSON or YAML; operations other than the sandbox's own "
        "answer by their schemas",
    )
    other.add_argument("--seed", type=int, default=0, metavar="NUMBER", help="seed of generated bodies (0)")
    other.add_argument(
        "--credential",
        action="append",
        metavar="TEXT",
        help="a key, token or USER:PASSWORD that operations with security accept; may be repeated; "
        "'any' accepts all (default: all whose text does not say that they are invalid)",
    )
    other.add_argument(
        "--not-acceptable",
        action="store_true",
        help="if Accept allows none of the operation's media types, answer 406 even where 406 is not "
        "documented (default: send the first media type, unless 406 is documented)",
    )
    readings = options.add_argument_group("readings of the rules, where the documents leave them open")
    readings.add_argument(
        "--daily-limit",
        choices=("issuing", "strict"),
        default="issuing",
        help="which requests count for the limit of one a day: those that issue a key, or all (issuing)",
    )
    readings.add_argument(
        "--later-day",
        choices=("renew", "repeat"),
        default="renew",
        help="answer to a request for an Active key on a later day: the renewed key, or the same (renew)",
    )
    readings.add_argument(
        "--day-zone", default="UTC", metavar="ZONE", help="time zone in which a day ends (UTC)"
    )
    readings.add_argument(
        "--validity-days",
        type=_days,
        metavar="DAYS",
        help="number of days that a key is valid (a calendar year)",
    )
    readings.add_argument(
        "--key-length", type=int, default=40, metavar="DIGITS", help="number of digits in a key (40)"
    )
    readings.add_argument(
        "--created-digits",
        type=int,
        default=6,
        metavar="DIGITS",
        help="digits of createdAt after the decimal point (6)",
    )
    readings.add_argument(
        "--expiry-digits",
        type=int,
        default=3,
        metavar="DIGITS",
        help="digits of expDate after the decimal point (3)",
    )
    return options


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,253}", text):
        raise argparse.ArgumentTypeError("a host is a name, without scheme and port")
    return text


def _token(text: str) -> str:
    # RFC 6750, 2.1. Shorter ones can be tried out.
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,200}=*", text):
        raise argparse.ArgumentTypeError("a control token is 16 to 200 letters, digits and ._~+/-")
    return text


def given_token(text: str) -> str | None:
    """Return the control token of the environment, or None without one.

    Raises:
        ValueError: it cannot be a token.
    """
    try:
        return _token(text) if text else None
    except argparse.ArgumentTypeError as error:
        raise ValueError(f"{TOKEN_VARIABLE}: {error}") from None


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_WORKERS):
        raise argparse.ArgumentTypeError(f"workers are a number from 1 to {MAX_WORKERS}")
    return int(text)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise argparse.ArgumentTypeError("a validity is a number of days")
    return int(text)


def _client(text: str) -> tuple[str, int]:
    phone, given, matches = text.partition("=")
    if given and not (matches.isascii() and matches.isdigit()):
        raise argparse.ArgumentTypeError("a client is PHONE or PHONE=MATCHES")
    return phone, int(matches) if given else 1
