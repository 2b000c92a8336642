# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The client: where to begin."""

from typing import TYPE_CHECKING, Self, Unpack

from ._runtime.core import BaseClient
from ._runtime.options import Options
from ._runtime.redaction import Hidden
from ._table import TABLE

if TYPE_CHECKING:
    from .resources.clients import AsyncClientsResource, ClientsResource
    from .resources.test_api_keys import AsyncTestApiKeysResource, TestApiKeysResource


class Client(BaseClient):
    """API Nova Post

    Resources are attributes, operations their methods; `aio` has the same for `await`. A client can be
    shared between threads and tasks; `with` or `async with` closes its connections.

    Each way to make one takes the settings of `Options`: api_key, token, timeout, retry, limits, headers,
    httpx_args, http_client and others. `from_env` reads NOVAPOST_BASE_URL and NOVAPOST_API_KEY; every client
    heeds NOVAPOST_ALLOW_INSECURE and NOVAPOST_LOG.
    """

    _table = TABLE

    @classmethod
    def sandbox(cls, **options: Unpack[Options]) -> Self:
        """A client of https://api-stage.novapost.pl/v.1.0."""
        settings = Hidden(options)
        del options
        return cls._in("sandbox", settings)

    @classmethod
    def production(cls, **options: Unpack[Options]) -> Self:
        """A client of https://api.novapost.com/v.1.0."""
        settings = Hidden(options)
        del options
        return cls._in("production", settings)

    @property
    def aio(self) -> "AsyncResources":
        """The same resources, their methods to be awaited."""
        return AsyncResources(self)

    @property
    def test_api_keys(self) -> "TestApiKeysResource":
        """The operations of test_api_keys."""
        from .resources.test_api_keys import TestApiKeysResource

        return TestApiKeysResource(self)

    @property
    def clients(self) -> "ClientsResource":
        """The operations of clients."""
        from .resources.clients import ClientsResource

        return ClientsResource(self)


class AsyncResources:
    """The resources of a client, their methods to be awaited."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @property
    def test_api_keys(self) -> "AsyncTestApiKeysResource":
        """The operations of test_api_keys."""
        from .resources.test_api_keys import AsyncTestApiKeysResource

        return AsyncTestApiKeysResource(self._client)

    @property
    def clients(self) -> "AsyncClientsResource":
        """The operations of clients."""
        from .resources.clients import AsyncClientsResource

        return AsyncClientsResource(self._client)
