# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from __future__ import annotations

from typing import Any

from attrs import define as _define
from attrs import field as _field

from .._runtime import models as _m
from .._runtime import parsing as _p


@_define(repr=False)
class ErrorResponse(_m.Model):
    """An object that the document does not describe.

    Source: https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    success: bool
    errors: list[str]
    additional_properties: dict[str, Any] = _field(init=False, factory=_m.no_extra)

    @classmethod
    def describe(cls) -> _m.Fields:
        return _m.Fields(
            _m.Field("success", "success", _p.BOOLEAN, required=True),
            _m.Field("errors", "errors", _p.Array(_p.TEXT), required=True),
            closed=True,
        )
