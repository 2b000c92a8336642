# Generated from openapi/effective.json by `make regenerate`; do not edit.
# To change it, change openapi/overlay.yaml, openapi/generator.yaml or openapi/templates.
"""The base of every model: its fields as a table, and reading and writing by this table."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from . import forms
from .codec import Codec, surprises
from .errors import BodyMismatchError, UsageError
from .mismatch import Mismatch, kind
from .redaction import MASK, looks_secret, redact
from .scalars import ANY
from .values import UNSET, RequestFiles, Unset, is_object, is_several

_TABLES: "dict[type[Model], Fields]" = {}


class Field:
    """One field of a model: its name in Python and on the wire, its kind, and whether it may be shown."""

    __slots__ = ("codec", "name", "required", "secret", "wire")

    def __init__(
        self, name: str, wire: str, codec: Codec[Any], *, required: bool = False, secret: bool = False
    ) -> None:
        self.name = name
        self.wire = wire
        self.codec = codec
        self.required = required
        self.secret = secret


class Fields:
    """All fields of a model, and the kind of those that the document does not name.

    `closed` says that the document allows no further fields; when a server sends some all the same they
    are kept, but count as a surprise.
    """

    __slots__ = ("closed", "extra", "fields", "rows", "wires")

    def __init__(self, *fields: Field, extra: Codec[Any] = ANY, closed: bool = False) -> None:
        self.fields = fields
        self.extra = extra
        self.closed = closed
        self.wires = frozenset(field.wire for field in fields)
        # What parsing needs of each field, in the order of the arguments of the model's class.
        self.rows: tuple[tuple[str, type | None, Callable[[Any], Any], bool], ...] = ()

    def for_class(self, arguments: Sequence[str]) -> Self:
        """Put the rows in the order of a class' arguments."""
        ordered = sorted(self.fields, key=lambda field: arguments.index(field.name))
        self.rows = tuple((one.wire, one.codec.exact, one.codec.parse, one.required) for one in ordered)
        return self


# What `additional_properties` begins with; `dict` itself does not say of what.
no_extra: Callable[[], dict[str, Any]] = dict


class Model:
    """The base of every model. Fields that the document does not name are in `additional_properties`."""

    if not TYPE_CHECKING:
        # Each model declares the field below itself, so that it has its place in the slots there; to a type
        # checker an empty __slots__ here would say that no model has it.
        __slots__ = ()

    additional_properties: dict[str, Any]
    # The arguments of the class in their order, as attrs notes them.
    __match_args__: tuple[str, ...]

    @classmethod
    def describe(cls) -> Fields:
        """Return the table of fields. A method, because models may hold one another."""
        raise NotImplementedError

    @classmethod
    def table(cls) -> Fields:
        """Return the table of fields, built once."""
        table = _TABLES.get(cls)
        if table is None:
            table = _TABLES[cls] = cls.describe().for_class(cls.__match_args__)
        return table

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Return the model of a JSON object, every field checked against its type.

        Raises:
            BodyMismatchError: a field is missing or has a wrong type; the error names its place.
        """
        problem: BodyMismatchError
        try:
            return cls.parse(source)
        except Mismatch as mismatch:
            problem = BodyMismatchError(mismatch.reason, json_path=redact(mismatch.json_path))
        del source
        raise problem

    @classmethod
    def parse(cls, source: Any) -> Self:
        """Do the same as `from_dict`, for values inside other values.

        Raises:
            Mismatch: a field is missing or has a wrong type.
        """
        exact: type[object] = type(source)  # pyright: ignore[reportUnknownVariableType]
        if exact is not dict and not is_object(source):
            raise Mismatch(f"expected an object, got {kind(source)}")
        table = _TABLES.get(cls) or cls.table()
        find = source.get
        values: list[Any] = []
        missing = 0
        wire = ""
        try:
            for wire, usual, parse, required in table.rows:
                value = find(wire, UNSET)
                if type(value) is usual:
                    values.append(value)
                elif value is not UNSET:
                    values.append(parse(value))
                elif required:
                    raise Mismatch("is missing")
                else:
                    values.append(UNSET)
                    missing += 1
        except Mismatch as mismatch:
            raise mismatch.within(wire) from None
        model = cls(*values)
        if len(source) > len(values) - missing:
            model.additional_properties = cls._extra(table, source)
        return model

    @staticmethod
    def _extra(table: Fields, source: Mapping[str, Any]) -> dict[str, Any]:
        extra: dict[str, Any] = {}
        for name, value in source.items():
            if name in table.wires:
                continue
            try:
                extra[name] = table.extra.parse(value)
            except Mismatch as mismatch:
                raise mismatch.within(name) from None
        return extra

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of this model.

        Raises:
            UsageError: a field has a value of a wrong type.
        """
        problem: UsageError
        try:
            return self.dump()
        except Mismatch as mismatch:
            problem = UsageError(f"{redact(mismatch.json_path)}: {mismatch.reason}")
        raise problem

    def dump(self) -> dict[str, Any]:
        """Do the same as `to_dict`, for values inside other values.

        Raises:
            Mismatch: a field has a value of a wrong type.
        """
        table = self.table()
        result: dict[str, Any] = {}
        for name, value in self.additional_properties.items():
            result[name] = self._converted(table.extra.dump, value, name)
        for field in table.fields:
            value = getattr(self, field.name)
            if isinstance(value, Unset):
                if field.required:
                    raise Mismatch("is missing").within(field.wire)
                continue
            result[field.wire] = self._converted(field.codec.dump, value, field.wire)
        return result

    @staticmethod
    def _converted(convert: Any, value: Any, name: str) -> Any:
        try:
            return convert(value)
        except Mismatch as mismatch:
            raise mismatch.within(name) from None

    def form_fields(self, encoding: Mapping[str, str] = MappingProxyType({})) -> list[tuple[str, str]]:
        """Return the fields of an application/x-www-form-urlencoded body, arrays as repeated names.

        Args:
            encoding: by field, how it is written otherwise; see `calls.Body`.
        """
        return [
            pair
            for name, value, codec in self._present()
            for pair in forms.pairs(name, value, codec, encoding.get(name, ""))
        ]

    def to_multipart(self, encoding: Mapping[str, str] = MappingProxyType({})) -> RequestFiles:
        """Return the parts of a multipart/form-data body: files unchanged, objects as JSON, the rest as text.

        Args:
            encoding: by field, the media type of its part.
        """
        files: RequestFiles = []
        for name, value, codec in self._present():
            media_type = encoding.get(name, "")
            for item in value if is_several(value) else [value]:
                as_object = isinstance(item, (Model, Mapping))
                files.append((name, forms.part(item, codec, media_type, as_object=as_object)))
        return files

    def _present(self) -> list[tuple[str, Any, Codec[Any]]]:
        table = self.table()
        named = [(field.wire, getattr(self, field.name), field.codec) for field in table.fields]
        extra = [(name, value, table.extra) for name, value in self.additional_properties.items()]
        return [item for item in named + extra if not isinstance(item[1], Unset)]

    def count_surprises(self) -> int:
        """Count the fields and enum values that the document does not know."""
        table = self.table()
        own = len(self.additional_properties) if table.closed or table.extra is ANY else 0
        return own + sum(surprises(getattr(self, field.name)) for field in table.fields)

    def __repr__(self) -> str:
        shown = [
            f"{field.name}={_shown(value, field.secret)}"
            for field in self.table().fields
            if not isinstance(value := getattr(self, field.name), Unset)
        ]
        if self.additional_properties:
            extra = ", ".join(
                f"{redact(repr(name))}: {_shown(value, looks_secret(name))}"
                for name, value in self.additional_properties.items()
            )
            shown.append(f"additional_properties={{{extra}}}")
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def additional_keys(self) -> list[str]:
        """The names of the fields that the document does not name."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties


def _shown(value: Any, secret: bool) -> str:
    if secret and value is not None:
        return MASK
    shown = repr(value)
    return redact(shown) if isinstance(value, (str, list, dict, tuple)) else shown


class Nested(Codec[Any]):
    """A model as a value of a field or the body of an answer."""

    rank = 6
    kinds = frozenset((dict,))

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.expected = "an object"
        self.parse = model.parse  # type: ignore[method-assign, assignment]

    def dump(self, value: Any) -> Any:
        """Return the JSON object of a model; a mapping is held against the model first."""
        if isinstance(value, self.model):
            return value.dump()
        if isinstance(value, Mapping):
            return self.model.parse(value).dump()
        raise Mismatch(f"expected a {self.model.__name__}, got {kind(value)}")

    def text(self, value: Any) -> str:
        """Return the JSON text of a model."""
        return forms.as_json(self.dump(value)).decode()
