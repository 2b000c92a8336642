# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define as _define
from attrs import field as _field

from .._runtime import models as _m
from .._runtime import parsing as _p
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.error_errors import ErrorErrors


@_define(repr=False)
class Error(_m.Model):
    """An object that the document does not describe.

    Source: https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    errors: ErrorErrors | Unset = UNSET
    additional_properties: dict[str, Any] = _field(init=False, factory=_m.no_extra)

    @classmethod
    def describe(cls) -> _m.Fields:
        from .error_errors import ErrorErrors

        return _m.Fields(
            _m.Field("errors", "errors", _m.Nested(ErrorErrors)),
            extra=_p.ANY,
        )
