"""Pairs of schemas as they evolve, the truth of each in a request and in an answer beside it."""

from typing import Any

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked
from contract_tests.self_tests.drift.samples.unheard_pairs import TEXT, WHOLE, thing

PAIRS: list[Pair] = []
LETTERS: Document = {"enum": ["a", "b", "c"]}


def both(
    name: str,
    in_request: str,
    in_answer: str,
    before: Any,
    after: Any,
    schemas: tuple[Document, Document] | None = None,
    version: str = "3.1.0",
) -> None:
    """Put the same pair of schemas on the list as a request and as an answer."""
    for truth, role, place in ((in_request, asked, "a-request"), (in_answer, answered, "an-answer")):
        sides = [
            {**role(schema), "openapi": version, "components": {"schemas": named}}
            for schema, named in zip((before, after), schemas or ({}, {}), strict=True)
        ]
        PAIRS.append(Pair(f"{name}-in-{place}", truth, *sides))


def old(name: str, in_request: str, in_answer: str, before: Any, after: Any) -> None:
    """Put a pair of OpenAPI 3.0 on the list."""
    both(name, in_request, in_answer, before, after, version="3.0.3")


def named(name: str) -> Document:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(entry: Any, **more: Any) -> Document:
    """Return a schema of lists."""
    return {"type": "array", "items": entry, **more}


# The words of OpenAPI 3.0

NULLABLE: Document = {**TEXT, "nullable": True}
old("null-is-not-allowed-any-more", "breaking", "compatible", thing(a=NULLABLE), thing(a=TEXT))
old("null-comes", "compatible", "breaking", thing(a=TEXT), thing(a=NULLABLE))
old(
    "zero-is-excluded",
    "breaking",
    "compatible",
    thing(a={"type": "number", "minimum": 0}),
    thing(a={"type": "number", "minimum": 0, "exclusiveMinimum": True}),
)
old(
    "exclusive-without-a-bound-means-nothing",
    "equivalent",
    "equivalent",
    thing(a={"type": "number"}),
    thing(a={"type": "number", "exclusiveMaximum": True}),
)

# Lists

both(
    "two-must-be-in-it",
    "breaking",
    "compatible",
    {"type": "array", "contains": {"const": "a"}},
    {"type": "array", "contains": {"const": "a"}, "minContains": 2},
)
both(
    "one-may-be-in-it",
    "breaking",
    "compatible",
    {"type": "array", "contains": {"const": "a"}},
    {"type": "array", "contains": {"const": "a"}, "maxContains": 1},
)
PLACES = [TEXT, WHOLE]
both(
    "a-third-place",
    "compatible",
    "breaking",
    {"type": "array", "prefixItems": PLACES, "items": False},
    {"type": "array", "prefixItems": [*PLACES, {"type": "boolean"}], "items": False},
)
both("no-entry-twice", "breaking", "compatible", many(TEXT), many(TEXT, uniqueItems=True))
both("an-empty-list-is-possible", "compatible", "breaking", many(TEXT, minItems=1), many(TEXT))
both(
    "no-more-places",
    "breaking",
    "compatible",
    {"type": "array", "prefixItems": PLACES},
    {"type": "array", "prefixItems": PLACES, "unevaluatedItems": False},
)

# Values

both("another-constant", "breaking", "breaking", thing(a={"const": "a"}), thing(a={"const": "b"}))
both(
    "a-third-type",
    "compatible",
    "breaking",
    thing(a={"type": ["string", "null"]}),
    thing(a={"type": ["string", "null", "integer"]}),
)
both(
    "coarser-steps",
    "breaking",
    "compatible",
    thing(a={**WHOLE, "multipleOf": 5}),
    thing(a={**WHOLE, "multipleOf": 10}),
)
both(
    "other-steps",
    "breaking",
    "breaking",
    thing(a={**WHOLE, "multipleOf": 4}),
    thing(a={**WHOLE, "multipleOf": 6}),
)
both(
    "constants-instead-of-an-enum-and-one-less",
    "breaking",
    "compatible",
    thing(a=LETTERS),
    thing(a={"anyOf": [{"const": "a"}, {"const": "b"}]}),
)
both(
    "a-named-enum-loses-a-value-in-two-places",
    "breaking",
    "compatible",
    thing(a=named("L"), b=many(named("L"))),
    thing(a=named("L"), b=many(named("L"))),
    ({"L": LETTERS}, {"L": {"enum": ["a", "b"]}}),
)
both(
    "a-shorter-text-is-possible",
    "compatible",
    "breaking",
    thing(a={**TEXT, "pattern": "^[a-z]{3}$"}),
    thing(a={**TEXT, "pattern": "^[a-z]{2,3}$"}),
)
both(
    "a-day-becomes-a-moment",
    "breaking",
    "breaking",
    thing(a={**TEXT, "format": "date"}),
    thing(a={**TEXT, "format": "date-time"}),
)
both("an-address-is-meant", "breaking", "compatible", thing(a=TEXT), thing(a={**TEXT, "format": "email"}))
both(
    "bytes-are-encoded",
    "breaking",
    "behaviour",
    thing(a=TEXT),
    thing(a={**TEXT, "contentEncoding": "base64"}),
)
both(
    "a-limit-beside-a-reference-goes",
    "compatible",
    "breaking",
    thing(a={**named("T"), "maxLength": 3}),
    thing(a=named("T")),
    ({"T": TEXT}, {"T": TEXT}),
)
both(
    "a-value-is-forbidden", "breaking", "compatible", thing(a=WHOLE), thing(a={**WHOLE, "not": {"const": 0}})
)

# Objects

both(
    "two-exclude-each-other",
    "breaking",
    "compatible",
    thing(a=TEXT, b=TEXT),
    {**thing(a=TEXT, b=TEXT), "not": {"required": ["a", "b"]}},
)
CONDITION: Document = {
    "if": {"properties": {"kind": {"const": "x"}}, "required": ["kind"]},
    "then": {"required": ["a"]},
}
both(
    "otherwise-another-is-required",
    "breaking",
    "compatible",
    {**thing(kind=TEXT, a=TEXT, b=TEXT), **CONDITION},
    {**thing(kind=TEXT, a=TEXT, b=TEXT), **CONDITION, "else": {"required": ["b"]}},
)
both(
    "what-depends-needs-more",
    "breaking",
    "compatible",
    {**thing(a=TEXT, b=TEXT), "dependentSchemas": {"a": thing(b=TEXT)}},
    {**thing(a=TEXT, b=TEXT), "dependentSchemas": {"a": thing("b", b=TEXT)}},
)
both(
    "one-has-to-be-there",
    "breaking",
    "compatible",
    thing(a=TEXT, b=TEXT),
    {**thing(a=TEXT, b=TEXT), "minProperties": 1},
)
both(
    "names-get-shorter",
    "breaking",
    "compatible",
    {"type": "object", "additionalProperties": TEXT, "propertyNames": {"maxLength": 9}},
    {"type": "object", "additionalProperties": TEXT, "propertyNames": {"maxLength": 5}},
)
CLOSED: Document = {"allOf": [named("Base"), thing(own=TEXT)], "unevaluatedProperties": False}
both(
    "the-parent-of-a-closed-one-grows",
    "compatible",
    "breaking",
    CLOSED,
    CLOSED,
    ({"Base": thing(a=TEXT)}, {"Base": thing(a=TEXT, x=TEXT)}),
)
both(
    "the-leaf-of-a-tree",
    "breaking",
    "breaking",
    named("Tree"),
    named("Tree"),
    (
        {"Tree": thing(value=TEXT, children=many(named("Tree")))},
        {"Tree": thing(value=WHOLE, children=many(named("Tree")))},
    ),
)
both(
    "parts-are-written-as-one",
    "equivalent",
    "equivalent",
    {"allOf": [thing("a", a=TEXT), thing("b", b=WHOLE)]},
    thing("a", "b", a=TEXT, b=WHOLE),
)
both(
    "definitions-are-named-otherwise",
    "docs",
    "docs",
    {**thing(a={"$ref": "#/components/schemas/W/$defs/One"}), "description": "d"},
    {**thing(a={"$ref": "#/components/schemas/W/$defs/Uno"}), "description": "d"},
    ({"W": {"$defs": {"One": TEXT}}}, {"W": {"$defs": {"Uno": TEXT}}}),
)
both(
    "an-alternative-needs-less",
    "compatible",
    "breaking",
    {"anyOf": [thing("a", a=TEXT), thing("b", "c", b=TEXT, c=TEXT)]},
    {"anyOf": [thing("a", a=TEXT), thing("b", b=TEXT, c=TEXT)]},
)
both(
    "a-body-becomes-one-of-two",
    "compatible",
    "breaking",
    thing("a", a=TEXT),
    {"oneOf": [thing("a", a=TEXT), thing("b", b=TEXT)]},
)
both(
    "an-alternative-is-one-of-objects-within",
    "breaking",
    "compatible",
    {"oneOf": [thing("a", a=TEXT), thing("b", b=TEXT), thing("c", c=TEXT)]},
    {"oneOf": [thing("a", a=TEXT), thing("b", b=TEXT)]},
)

# What only one side writes

both(
    "the-server-always-tells-the-id",
    "equivalent",
    "compatible",
    thing(id={**TEXT, "readOnly": True}),
    thing("id", id={**TEXT, "readOnly": True}),
)
both(
    "a-secret-is-required",
    "breaking",
    "docs",
    thing(a=TEXT),
    thing("secret", a=TEXT, secret={**TEXT, "writeOnly": True}),
)
both(
    "only-the-server-writes-it-now",
    "behaviour",
    "docs",
    thing(a=TEXT, b=TEXT),
    thing(a=TEXT, b={**TEXT, "readOnly": True}),
)
both(
    "the-server-does-not-tell-it-any-more",
    "docs",
    "breaking",
    thing("b", b=TEXT),
    thing("b", b={**TEXT, "writeOnly": True}),
)
both(
    "another-default",
    "behaviour",
    "docs",
    thing(a={**TEXT, "default": "x"}),
    thing(a={**TEXT, "default": "y"}),
)
both(
    "a-required-one-with-a-default",
    "breaking",
    "compatible",
    thing(a=TEXT),
    thing("b", a=TEXT, b={**TEXT, "default": "x"}),
)

# Heirs that only a discriminator leads to


def heirs(*required: str, **mapping: str) -> Document:
    """Return a parent and an heir that a mapping leads to."""
    mapping = mapping or {"cat": "Cat"}
    leads = {key: f"#/components/schemas/{name}" for key, name in mapping.items()}
    return {
        "Pet": {
            **thing("kind", kind=TEXT),
            "discriminator": {"propertyName": "kind", "mapping": leads},
        },
        "Cat": {"allOf": [named("Pet"), thing(*required, lives=WHOLE)]},
        "Dog": {"allOf": [named("Pet"), thing(tail=TEXT)]},
    }


both("an-heir-needs-more", "breaking", "compatible", named("Pet"), named("Pet"), (heirs(), heirs("lives")))
both("an-heir-has-less", "compatible", "breaking", named("Pet"), named("Pet"), (heirs("lives"), heirs()))
both(
    "an-heir-is-not-led-to-any-more",
    "breaking",
    "compatible",
    named("Pet"),
    named("Pet"),
    (heirs(cat="Cat", dog="Dog"), heirs(cat="Cat")),
)
both(
    "heirs-in-a-list",
    "breaking",
    "breaking",
    many(named("Pet")),
    many(named("Pet")),
    (
        heirs("lives"),
        {**heirs("lives"), "Cat": {"allOf": [named("Pet"), thing("lives", lives=TEXT)]}},
    ),
)


# Bounds that say no more than what is said already

both(
    "as-many-as-are-required",
    "equivalent",
    "equivalent",
    thing("a", "b", a=TEXT, b=TEXT),
    {**thing("a", "b", a=TEXT, b=TEXT), "minProperties": 2},
)
both(
    "one-more-than-are-required",
    "breaking",
    "compatible",
    thing("a", "b", a=TEXT, b=TEXT, c=TEXT),
    {**thing("a", "b", a=TEXT, b=TEXT, c=TEXT), "minProperties": 3},
)
for most, truth in ((1, "equivalent"), (2, "breaking")):
    both(
        f"up-to-{most}-entries-have-to-differ",
        truth,
        truth.replace("breaking", "compatible"),
        many(TEXT, maxItems=most),
        many(TEXT, maxItems=most, uniqueItems=True),
    )
STEPS = {0.25: "equivalent", 0.5: "equivalent", 1: "equivalent", 0.4: "breaking", 2: "breaking"}
for step, truth in STEPS.items():
    both(
        f"whole-numbers-by-steps-of-{step}",
        truth,
        truth.replace("breaking", "compatible"),
        thing(a={"type": "integer"}),
        thing(a={"type": "integer", "multipleOf": step}),
    )
