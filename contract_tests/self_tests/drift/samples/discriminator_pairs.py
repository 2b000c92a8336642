"""Pairs of descriptions about the marks by which alternatives are told apart, the truth beside each."""

from contract_tests.self_tests.drift.samples.schema_pairs import Document, Pair, answered, asked

ALTERNATIVES = ("Letter", "Parcel")


def union(*names: str, mapping: dict[str, str] | None = None, mark: Document | None = None) -> Document:
    """Return the schemas of a union of these, each with a property of its own, told apart by their kind."""
    schemas: Document = {}
    for name in names:
        kind = {"type": "string"} if mark is None else {**mark, "enum": [name.lower()]}
        own = {"kind": kind, f"of_{name.lower()}": {"type": "integer"}}
        schemas[name] = {"type": "object", "required": ["kind"], "properties": own}
    discriminator: Document = {"propertyName": "kind"}
    if mapping is not None:
        discriminator["mapping"] = {k: f"#/components/schemas/{v}" for k, v in mapping.items()}
    refs = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schemas["Sent"] = {"oneOf": refs, "discriminator": discriminator}
    return schemas


def in_request(schemas: Document) -> Document:
    """Return a description that asks for the union."""
    return {**asked({"$ref": "#/components/schemas/Sent"}), "components": {"schemas": schemas}}


def in_answer(schemas: Document) -> Document:
    """Return a description that answers with the union."""
    return {**answered({"$ref": "#/components/schemas/Sent"}), "components": {"schemas": schemas}}


def both(name: str, asked_for: str, answered_with: str, before: Document, after: Document) -> list[Pair]:
    """Return the same change in a request and in an answer."""
    return [
        Pair(f"{name}-in-a-request", asked_for, in_request(before), in_request(after)),
        Pair(f"{name}-in-an-answer", answered_with, in_answer(before), in_answer(after)),
    ]


TWO = union(*ALTERNATIVES)
KEYS = {"letter": "Letter", "parcel": "Parcel"}

PAIRS = [
    *both("a-third-alternative", "compatible", "breaking", TWO, union(*ALTERNATIVES, "Pallet")),
    *both("an-alternative-less", "breaking", "behaviour", union(*ALTERNATIVES, "Pallet"), TWO),
    *both(
        "a-third-mark-of-an-alternative",
        "compatible",
        "breaking",
        union(*ALTERNATIVES, mapping=KEYS),
        union(*ALTERNATIVES, mapping={**KEYS, "box": "Parcel"}),
    ),
    *both("marks-are-spelled-otherwise", "breaking", "breaking", TWO, union(*ALTERNATIVES, mapping=KEYS)),
    *both(
        "marks-are-written-out",
        "equivalent",
        "equivalent",
        TWO,
        union(*ALTERNATIVES, mapping={name: name for name in ALTERNATIVES}),
    ),
    *both(
        "schemas-are-renamed-and-their-marks-are-not",
        "equivalent",
        "equivalent",
        union("Letter", "Parcel", mapping={"l": "Letter"}, mark={}),
        {
            **union("Letter", "Parcel", mapping={"l": "Note"}, mark={}),
            "Sent": {
                "oneOf": [{"$ref": "#/components/schemas/Note"}, {"$ref": "#/components/schemas/Parcel"}],
                "discriminator": {"propertyName": "kind", "mapping": {"l": "#/components/schemas/Note"}},
            },
            "Note": union("Letter", mark={})["Letter"],
        },
    ),
]

# Fields that are a key or, expanded, what the key names: each such schema leads to the next


def expandable(last: Document, length: int = 10) -> Document:
    """Return a chain of schemas, each a key or the next one, the last of which holds a value."""
    schemas: Document = {f"S{length}": {"type": "object", "properties": {"value": last}}}
    for number in range(length):
        following = {"$ref": f"#/components/schemas/S{number + 1}"}
        union = {"oneOf": [{"type": "string"}, following]}
        schemas[f"S{number}"] = {"type": "object", "properties": {"next": union}}
    schemas["Sent"] = {"$ref": "#/components/schemas/S0"}
    return schemas


PAIRS += both(
    "a-value-deep-in-expanded-fields",
    "breaking",
    "compatible",
    expandable({"type": "string"}),
    expandable({"type": "string", "maxLength": 5}),
)
