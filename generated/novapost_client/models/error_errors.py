# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from __future__ import annotations

from attrs import define as _define
from attrs import field as _field

from .._runtime import models as _m
from .._runtime import parsing as _p


@_define(repr=False)
class ErrorErrors(_m.Model):
    """An object that the document does not describe.

    Source: https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    additional_properties: dict[str, str] = _field(init=False, factory=_m.no_extra)

    @classmethod
    def describe(cls) -> _m.Fields:
        return _m.Fields(
            extra=_p.TEXT,
        )
