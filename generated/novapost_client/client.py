# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The client, the class to begin with."""

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

    Resources are attributes of a client, and operations are methods of a resource. `aio` has the same
    resources with async methods. Threads and tasks can share a client. `with` or `async with` closes its
    connections.

    All constructors take the settings of `Options`: api_key, token, timeout, retry, limits, headers,
    httpx_args, http_client and others. `from_env` reads NOVAPOST_BASE_URL and NOVAPOST_API_KEY. Every client
    reads NOVAPOST_ALLOW_INSECURE and NOVAPOST_LOG.
    """

    _table = TABLE

    @classmethod
    def sandbox(cls, **options: Unpack[Options]) -> Self:
        """Return a client of https://api-stage.novapost.pl/v.1.0."""
        settings = Hidden(options)
        del options
        return cls._in("sandbox", settings)

    @classmethod
    def production(cls, **options: Unpack[Options]) -> Self:
        """Return a client of https://api.novapost.com/v.1.0."""
        settings = Hidden(options)
        del options
        return cls._in("production", settings)

    @property
    def aio(self) -> "AsyncResources":
        """The same resources with async methods."""
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
    """The resources of a client, with async methods."""

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
