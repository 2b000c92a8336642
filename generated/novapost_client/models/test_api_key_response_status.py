# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from typing import TYPE_CHECKING

from .._runtime.enums import OpenStrEnum


class TestApiKeyResponseStatus(OpenStrEnum):
    """One of the values below, or a newer value of the server."""

    if TYPE_CHECKING:
        # The server may add values: to a type checker, those below are not all that there can be.
        _unlisted = "any other value"

    # pytest takes classes of such names for tests.
    __test__ = False

    ACTIVE = "Active"
    EXPIRED = "Expired"
