"""Is "No drift" said only of documents that say the same? Each leaf of a broad document is changed once."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

from contract_tests.self_tests.drift.samples.broad_document import document
from contract_tests.self_tests.drift.samples.swagger_document import swagger
from contract_tests.self_tests.drift.test_judge import findings
from scripts.drift.document.equality import equal
from scripts.drift.load.swagger import converted

Path: TypeAlias = tuple[str | int, ...]
_GONE = object()
_PARTS = 8
# The changes after which the document says the same, each with the reason.
EQUAL = {
    ("/paths//parcels/post/parameters/1/explode", "removed"): "false is the default of this style",
    ("/components/schemas/Address/properties/country/type", "removed"): "its values are listed",
    ("/components/schemas/Address/minProperties", "removed"): "as many are required",
    ("/components/schemas/Address/maxProperties", "removed"): "it has no more, and takes no others",
    ("/components/schemas/Address/maxProperties", "changed"): "it has no more, and takes no others",
    ("/components/schemas/Box/allOf/0/type", "removed"): "the other part states it",
    ("/components/schemas/Box/allOf/1/type", "removed"): "the other part states it",
    ("/components/schemas/Row/minContains", "removed"): "1 is the default",
}


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every value of a document, by the way to it."""
    if path:
        yield path
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield from places(value[key], (*path, key))


def mutations(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what may become of one value: it goes, changes, changes its kind, gets one more entry."""
    yield "removed", _GONE
    if isinstance(value, bool):
        yield "changed", not value
    elif isinstance(value, int | float):
        yield "changed", value + 1
    elif isinstance(value, str):
        yield "changed", f"{value}x"
    elif isinstance(value, dict):
        yield "extended", {**value, "x-swept": 1}
        yield "enlarged", {**value, "swept": {"a": 1}}
    else:
        yield "enlarged", [*value, "swept"]
    yield "of-another-kind", "text" if isinstance(value, int | float) else 5


def mutated(path: Path, value: Any, whole: Any = None) -> dict[str, Any]:
    """Return the document with another value at one place."""
    whole = document() if whole is None else whole
    node = whole
    for key in path[:-1]:
        node = node[key]
    if value is _GONE:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return dict(whole)


def swept(part: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield a part of all mutations of all places."""
    base = document()
    for number, path in enumerate(places(base)):
        node: Any = base
        for key in path:
            node = node[key]
        for how, value in mutations(node):
            if number % _PARTS == part and not (value is not _GONE and equal(node, value)):
                yield "/" + "/".join(map(str, path)), how, mutated(path, value)


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_leaf_changes_silently(part: int) -> None:
    """Whatever the keyword, the extension or the version: a change is judged, or told as not judged."""
    base = document()

    silent = {
        (place, how)
        for place, how, revision in swept(part)
        if (place, how) not in EQUAL and not findings(base, revision)
    }

    assert silent == set()


def test_what_says_the_same_is_silent() -> None:
    """The exceptions of the sweep are none that it found by chance."""
    loud = {
        (place, how): [one.text for one in findings(document(), revision)]
        for part in range(_PARTS)
        for place, how, revision in swept(part)
        if (place, how) in EQUAL
    }

    assert set(loud) == set(EQUAL)
    assert not any(loud.values())


def test_nothing_leaves_a_document_without_operations_silently() -> None:
    """A library of schemas is compared as a whole, though nobody asks for or is answered any of it."""

    def library() -> dict[str, Any]:
        return {key: value for key, value in document().items() if key not in ("paths", "webhooks")}

    silent = {
        "/" + "/".join(map(str, path))
        for path in places(library())
        if not findings(library(), mutated(path, _GONE, library()))
    }

    assert silent == {place for place, how in EQUAL if how == "removed" and place.startswith("/components")}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("x-top", "sunset"), "2028-01-01"),
        (("paths", "/parcels", "post", "x-rate-limit", "calls"), 50),
        (("components", "schemas", "Address", "x-owner", "pages", 1), 3),
        (("jsonSchemaDialect",), "https://a.b/other"),
        (("paths", "/parcels", "post", "x-new"), {"a": [1]}),
        (("paths", "/parcels", "get"), "text"),
    ],
)
def test_what_nobody_judges_is_told_with_its_place(place: Path, value: Any) -> None:
    """So that somebody looks: it counts like what could not be decided."""
    judged = findings(document(), mutated(place, value))

    assert [one.level for one in judged] == ["unknown"]
    assert judged[0].revision == tuple(map(str, place))
    assert judged[0].text.startswith("changed, not judged: ")


# What else an operation states itself, or is so by default.
EQUAL_IN_SWAGGER = {"/consumes", "/consumes/0", "/produces", "/produces/0"} | {
    f"/paths//a/{{id}}/{end}"
    for end in (
        "post/schemes",
        "post/schemes/0",
        "post/consumes",
        "post/consumes/0",
        "put/consumes",
        "put/consumes/0",
    )
}


def test_no_leaf_of_swagger_changes_silently() -> None:
    """What has no place in OpenAPI 3 is kept beside it, so that it is compared all the same."""
    base, _ = converted(swagger(), "base")
    silent = set()
    for path in places(swagger()):
        node: Any = swagger()
        for key in path:
            node = node[key]
        for how, value in mutations(node):
            if how == "of-another-kind" or path == ("swagger",):
                continue
            revision, _ = converted(mutated(path, value, swagger()), "revision")
            if not findings(base, revision):
                silent.add("/" + "/".join(map(str, path)))

    assert silent == EQUAL_IN_SWAGGER
