# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""What the document says about its operations as a whole: servers, security, environments."""

from ._runtime.operations import Operation, Scheme, Server, Table, TokenSource

TABLE = Table(
    package="novapost_client",
    prefix="NOVAPOST_",
    version="0.1.0",
    servers=(
        Server("sandbox", "https://api-stage.novapost.pl/v.1.0"),
        Server("production", "https://api.novapost.com/v.1.0"),
    ),
    schemes={
        "JWT": Scheme("header", "Authorization", "raw"),
    },
    token=TokenSource(
        scheme="JWT", operation="authorize_client", parameter="apiKey", field="jwt", lifetime=3600
    ),
    operations=(
        Operation(
            "create_test_api_key",
            "POST",
            "/test-api-keys",
            environments=("sandbox",),
            accept="application/json",
        ),
        Operation(
            "authorize_client",
            "GET",
            "/clients/authorization",
            secrets=("apiKey",),
            accept="application/json",
        ),
    ),
)
