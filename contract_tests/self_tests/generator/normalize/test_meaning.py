"""Does the client still take each value that the document allows, however the document says it?"""

from typing import Any

import jsonschema_rs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scripts.normalize import plain_with_notes
from scripts.preflight import examine

NAMES = st.sampled_from(["a", "b", "kind"])
REQUIRED = st.lists(NAMES, min_size=1, max_size=2, unique=True)
LEAVES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        *({"type": name} for name in ("string", "integer", "number", "boolean", "null")),
        {},
        {"type": "string", "enum": ["x", "y"]},
        {"enum": ["x", 1]},
        {"enum": ["x", None]},
        {"enum": [True, False]},
        *({"const": value} for value in ("x", 1, None, {"a": 1})),
        {"type": ["string", "null"]},
        {"type": ["string", "integer"]},
        {"type": "string", "maxLength": 2},
        {"type": "integer", "minimum": 1},
        *({"$ref": f"#/components/schemas/{name}"} for name in ("A", "B")),
        {"type": "object", "required": ["a"]},
    ]
)


def larger(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return schemas that hold others."""
    several = st.lists(inner, min_size=1, max_size=3)
    properties = st.dictionaries(NAMES, inner, max_size=3)
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": properties},
        optional={"required": REQUIRED, "additionalProperties": st.booleans() | inner},
    )
    types = st.sampled_from(["object", "string", ["object", "null"], ["object", "string"]])
    # Properties without a type are those of an object to everybody who writes them, so it is stated here.
    composed = st.fixed_dictionaries(
        {},
        optional={"properties": properties, "required": REQUIRED, "type": types}
        | dict.fromkeys(("oneOf", "anyOf", "allOf"), several),
    ).map(lambda one: {"type": "object", **one} if one.keys() & {"properties", "required"} else one)
    arrays = st.fixed_dictionaries({"type": st.just("array"), "items": inner})
    tuples = st.fixed_dictionaries(
        {
            "type": st.just("array"),
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "items": st.just(False),
        }
    )
    return objects | composed | composed | composed | arrays | tuples


SCHEMAS = st.recursive(LEAVES, larger, max_leaves=8)
VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 2, 1.5, "", "x", "y", "xxx"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "b", "kind", "z"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def judge(components: Any) -> Any:
    """Return the validator of the schema A among components."""
    return jsonschema_rs.Draft202012Validator({"$ref": "#/components/schemas/A", "components": components})


def nulls_said(node: Any) -> Any:
    """Return schemas in which null is an alternative, where the generator is told so by `nullable`."""
    if isinstance(node, list):
        return [nulls_said(one) for one in node]
    if not isinstance(node, dict):
        return node
    said = {key: nulls_said(one) for key, one in node.items() if (key, one) != ("nullable", True)}
    return said if node.get("nullable") is not True else {"anyOf": [said, {"type": "null"}]}


@settings(max_examples=250, derandomize=True)
@example(first={"anyOf": [{}]}, second={}, values=[[], "x", {}])
@given(first=SCHEMAS, second=SCHEMAS, values=st.lists(VALUES, min_size=3, max_size=8))
def test_what_a_document_allows_is_never_refused(
    first: dict[str, Any], second: dict[str, Any], values: list[Any]
) -> None:
    """Choices are joined, parts are merged and references are followed: all of it may only widen a schema."""
    answer = {
        "description": "d",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"operationId": "x", "responses": {"200": answer}}}},
        "components": {"schemas": {"A": first, "B": second}},
    }

    plain, _ = plain_with_notes(document)

    if not examine(plain):
        before, after = judge(document["components"]), judge(nulls_said(plain["components"]))
        assert [one for one in values if before.is_valid(one) and not after.is_valid(one)] == []
