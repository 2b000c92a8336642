"""XML bodies, read into what their schema talks about (OpenAPI 3.1, 4.8.26: name, attribute, wrapped)."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from novapost_mock.schemas.merging import TooDeepError, flat
from novapost_mock.schemas.parameter_values import Reader
from novapost_mock.schemas.schema_set import SchemaSet
from novapost_mock.schemas.validators import Node

MAX_DEPTH = 64


class XmlError(ValueError):
    """A text that is not XML, or more than is read here."""


def read_xml(content: bytes, schemas: SchemaSet, node: Node) -> Any:
    """Return the value of an XML text as its schema sees it.

    Raises:
        XmlError: not well-formed, with a document type (where entities would be declared), or too deep.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise XmlError
    parser = ElementTree.XMLParser()  # noqa: S314 (nothing is declared, so nothing unfolds)
    try:
        parser.feed(content)
        root = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise XmlError from error
    return _value(root, schemas, node, 0)


def _value(element: ElementTree.Element, schemas: SchemaSet, node: Node, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise XmlError
    reader = Reader(schemas, node)
    children = list(element)
    text = (element.text or "").strip()
    is_bare = not children and not element.attrib and bool(text)
    is_full = bool(children or element.attrib)
    if "object" in reader.types and not is_bare and (is_full or reader.types <= {"object", "null"}):
        return _object(element, schemas, reader, depth)
    if "array" in reader.types and (children or reader.types <= {"array", "null"}) and not is_bare:
        return [_value(child, schemas, reader.items_node, depth + 1) for child in children]
    text = element.text or ""
    return reader.best(reader.scalar(text), text) if not children else {}


def _object(element: ElementTree.Element, schemas: SchemaSet, reader: Reader, depth: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    taken: set[str] = set()
    for name, node in reader.properties.items():
        hints = _hints(schemas, node)
        called = str(hints.get("name", name))
        inner = Reader(schemas, node)
        if hints.get("attribute") is True:
            text = next((v for k, v in element.attrib.items() if _local(k) == called), None)
            if text is not None:
                result[name] = inner.best(inner.scalar(text), text)
            continue
        if not any(_local(child.tag) == called for child in element):
            called = name  # a name that only a referred or composed schema gives; not everybody follows it
        found = [child for child in element if _local(child.tag) == called]
        taken.add(called)
        if "array" in inner.types and hints.get("wrapped") is not True:
            item = _hints(schemas, inner.items_node).get("name")
            if item is not None and not found:
                found = [child for child in element if _local(child.tag) == item]
                taken.add(str(item))
            if len(found) == 1 and len(found[0]) and "object" not in Reader(schemas, inner.items_node).types:
                result[name] = _value(found[0], schemas, node, depth + 1)  # wrapped, though nobody said so
            elif found:
                result[name] = [_value(child, schemas, inner.items_node, depth + 1) for child in found]
        elif found:
            values = [_value(child, schemas, node, depth + 1) for child in found]
            result[name] = values[0] if len(values) == 1 else values
    for child in element:
        name = _local(child.tag)
        if name not in taken:
            result[name] = _value(child, schemas, reader.others_node, depth + 1)
    return result


def _hints(schemas: SchemaSet, node: Node) -> Mapping[str, Any]:
    try:
        hints = flat(schemas, node, (), 1)[0].get("xml", {})
    except TooDeepError:
        return {}
    return hints if isinstance(hints, Mapping) else {}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
