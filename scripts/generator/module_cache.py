"""Copies of the generator's endpoints that share what nobody changes.

The parser copies an endpoint three times, each time with every model that it leads to. Where models
refer to each other that is the whole document for every operation: the square of its size for all of them.
What the parser changes in the copy afterwards is its lists and the names of its parameters; only those are
copied here.
"""

import contextlib
import copy
from collections.abc import Iterator
from unittest import mock

from openapi_python_client.parser import openapi
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties.protocol import PropertyProtocol

_PARAMETERS = ("query_parameters", "path_parameters", "header_parameters", "cookie_parameters")
_COLLECTIONS = ("tags", "relative_imports", "bodies", "errors")


def copied(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that can be changed without the other noticing, as far as the parser does."""
    new = copy.copy(endpoint)
    for name in _PARAMETERS:
        setattr(new, name, [copy.copy(parameter) for parameter in getattr(endpoint, name)])
    for name in _COLLECTIONS:
        setattr(new, name, copy.copy(getattr(endpoint, name)))
    new.responses = copy.copy(endpoint.responses)
    new.responses.patterns = list(endpoint.responses.patterns)
    return new


@contextlib.contextmanager
def shared() -> Iterator[None]:
    """Let the parser copy endpoints so, for as long as this lasts.

    It also takes a value of any type anywhere: our runtime knows how arrays and objects are written in a
    header, a cookie or a path.
    """
    with (
        mock.patch.object(openapi, "deepcopy", copied),
        mock.patch.object(PropertyProtocol, "validate_location", _anywhere),
    ):
        yield


def _anywhere(prop: PropertyProtocol, location: object) -> None:
    """No error, whatever the location."""
