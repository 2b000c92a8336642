# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from __future__ import annotations

import datetime
from typing import Any

from attrs import define as _define
from attrs import field as _field

from .._runtime import models as _m
from .._runtime import parsing as _p
from ..models.test_api_key_response_status import TestApiKeyResponseStatus


@_define(repr=False)
class TestApiKeyResponse(_m.Model):
    """An object that the document does not describe.

    Source: https://api-portal.novapost.com/novaposhta-docs/documentation/kroki-integraciyi/stvorennya-api-klyucha.md
    """

    # pytest takes classes of such names for tests.
    __test__ = False

    api_key: str
    """Test API key for Stage usage only."""
    created_at: datetime.datetime
    exp_date: datetime.datetime
    status: TestApiKeyResponseStatus
    additional_properties: dict[str, Any] = _field(init=False, factory=_m.no_extra)

    @classmethod
    def describe(cls) -> _m.Fields:
        return _m.Fields(
            _m.Field("api_key", "apiKey", _p.TEXT, required=True, secret=True),
            _m.Field("created_at", "createdAt", _p.MOMENT, required=True),
            _m.Field("exp_date", "expDate", _p.MOMENT, required=True),
            _m.Field("status", "status", _p.Listed(TestApiKeyResponseStatus), required=True),
            closed=True,
        )
