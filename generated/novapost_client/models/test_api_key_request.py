# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from __future__ import annotations

from typing import Any

from attrs import define as _define
from attrs import field as _field

from .._runtime import models as _m
from .._runtime import parsing as _p


@_define(repr=False)
class TestApiKeyRequest(_m.Model):
    """An object that the document does not describe.

    Source: https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    # pytest takes classes of such names for tests.
    __test__ = False

    phone: str
    """Phone number registered in EBC. Format like 49XXXXXXXXX (no '+'). UA keys generation is currently not
    supported."""
    additional_properties: dict[str, Any] = _field(init=False, factory=_m.no_extra)

    @classmethod
    def describe(cls) -> _m.Fields:
        return _m.Fields(
            _m.Field("phone", "phone", _p.TEXT, required=True, secret=True),
            closed=True,
        )
