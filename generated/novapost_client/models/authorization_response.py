# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="AuthorizationResponse")


@_attrs_define
class AuthorizationResponse:
    """The token for the calls that need one."""

    jwt: str
    """ JWT for the Authorization header, sent as it is, without "Bearer". Good for one hour. """

    def to_dict(self) -> dict[str, Any]:
        jwt = self.jwt

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jwt": jwt,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        jwt = d.pop("jwt")

        authorization_response = cls(
            jwt=jwt,
        )

        return authorization_response
