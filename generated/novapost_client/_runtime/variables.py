# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""Environment variables of the client. Each name begins with that of the package, as in NOVAPOST_BASE_URL.

| ends in | meaning |
|---|---|
| `BASE_URL`, `API_KEY` | the address and the key for `Client.from_env` |
| `ALLOW_INSECURE` | 1 allows http to a host that is not this machine, if the setting is left out |
| `LOG` | the log level: debug, info, warning or error; on stderr if the program configures no logging |
"""

import logging
import os
from collections.abc import Mapping

from .addresses import base_address
from .causes import outcome_of
from .errors import ClientError, UsageError
from .options import Options
from .redaction import Hidden
from .settings import check_secret
from .values import is_object

_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_LEVELS = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}


def allows_insecure(prefix: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether ..._ALLOW_INSECURE allows http to other machines.

    Raises:
        UsageError: its value means neither yes nor no.
    """
    name = f"{prefix}ALLOW_INSECURE"
    text = environ.get(name, "").strip().lower()
    if text not in _YES and text not in _NO:
        raise UsageError(f"{name} takes 1 or 0")
    return text in _YES


def set_up_log(prefix: str, logger: logging.Logger, environ: Mapping[str, str] = os.environ) -> None:
    """Set the log level of ..._LOG, and log to stderr if the program configures no logging.

    Raises:
        UsageError: its value is not a level.
    """
    text = environ.get(f"{prefix}LOG", "").strip().lower()
    if not text:
        return
    if text not in _LEVELS:
        raise UsageError(f"{prefix}LOG takes {', '.join(_LEVELS)}")
    logger.setLevel(_LEVELS[text])
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logger.addHandler(handler)


def settings_of(
    environ: Mapping[str, str] | None, prefix: str, settings: Hidden[Options]
) -> tuple[Hidden[str], Hidden[Options]] | ClientError:
    """Return the address and the settings of a client from the environment; given settings come first.

    If a variable is missing or cannot be used, return the error. If this function raised it, the traceback
    would contain the key.
    """
    return outcome_of(lambda: _settings_of(os.environ if environ is None else environ, prefix, settings))


def _settings_of(
    environ: object, prefix: str, settings: Hidden[Options]
) -> tuple[Hidden[str], Hidden[Options]]:
    if not is_object(environ):
        raise UsageError(f"from_env takes a mapping of variables, not a {type(environ).__name__}")
    address = environ.get(f"{prefix}BASE_URL") or ""
    if not isinstance(address, str) or not address:
        raise UsageError(f"the environment variable {prefix}BASE_URL is not set")
    base_address(address, allow_insecure=True, setting=f"{prefix}BASE_URL")
    found: Options = {"api_key": environ.get(f"{prefix}API_KEY") or None}
    check_secret(f"{prefix}API_KEY", found["api_key"], ascii_only=False)
    if environ is not os.environ and f"{prefix}ALLOW_INSECURE" in environ:
        found["allow_insecure"] = allows_insecure(prefix, environ)
    return Hidden(address), Hidden({**found, **settings.reveal()})
