# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from enum import StrEnum


class TestApiKeyResponseStatus(StrEnum):
    ACTIVE = "Active"
    EXPIRED = "Expired"

    def __str__(self) -> str:
        return str(self.value)
