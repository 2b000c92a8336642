"""Does a list hold what was asked for, once, and is it divided into pages without a gap?

The list of a target that keeps no state is an example: of it nothing of this is asked.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from contract_tests.any_api.thing import READING
from contract_tests.checks.document import Operation
from contract_tests.principles.lists import LIMITS, PAGES, items_of, names_of, total_of
from contract_tests.principles.members import members_of, plain_name, required_of, values_named
from contract_tests.session.api import Api
from contract_tests.session.attempts import unknown_value
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import CannotAsk, Options, Samples
from contract_tests.session.subject import chosen
from contract_tests.target.exchange import Received

CONTRACT = chosen().contract
OPERATIONS = CONTRACT.operations
# So many things are created for pages of so many, and so many pages are read.
_CREATED, _ON_A_PAGE, _READ = 5, 2, 4
_OFFSETS, _NUMBERS = {"offset", "skip", "start", "startindex"}, {"page", "pagenumber", "pageindex"}
_CURSORS = {"cursor", "after", "pagetoken", "startingafter", "continuation", "continuationtoken", "nexttoken"}


def _keeps_state(listing: Operation, api: Api, samples: Samples, resources: Resources) -> bool:
    """Return whether things of a list are only there if they are; True where none can be read alone."""
    reading = next((each for each in READING if each.path.rpartition("/")[0] == listing.path), None)
    if reading is None:
        return True
    name = reading.path_names[-1]
    try:
        values = {**resources.values(listing), name: unknown_value(reading, name, api, samples, 0) or "zz"}
        answer = api.send("GET", samples.path(reading, values), **samples.options(reading))
    except CannotAsk:
        return False
    return not 200 <= answer.status < 300


def _lists() -> Iterator[tuple[Operation, Any]]:
    for operation in OPERATIONS:
        if operation.method == "GET":
            yield from ((operation, each) for each in operation.query.values())


QUERIES = list(_lists())


@pytest.mark.parametrize(
    ("operation", "parameter"), QUERIES, ids=[f"{o.label} {p['name']}" for o, p in QUERIES]
)
def test_a_list_keeps_to_what_was_asked(
    operation: Operation, parameter: Any, api: Api, samples: Samples, resources: Resources
) -> None:
    """A limit is the most that comes, and a filter by a member leaves only what has its value."""
    api.calls.begin()
    if api.target.control_url is not None or not _keeps_state(operation, api, samples, resources):
        pytest.skip("unproven: the list of a target that keeps no state is an example")
    api.calls.begin()
    name, schema = parameter["name"], CONTRACT.resolve(parameter.get("schema"))
    limit = plain_name(name) in LIMITS and schema.get("type") == "integer"
    values: list[Any] = [True, False] if schema.get("type") == "boolean" else list(schema.get("enum") or ())
    if limit:
        values = [
            each for each in (1, 2) if not CONTRACT.complaints(parameter.get("schema"), each, "request")
        ]
    options = samples.options(operation)
    path = samples.path(operation, resources.values(operation))
    is_text = schema.get("type") == "string" and not str(schema.get("format")).startswith("date")
    # A number or a day may be the least that is asked for.
    if is_text and not values and plain_name(name) not in PAGES:
        _create_two(operation, name, samples, api, path)
        _keeps_to_a_member(operation, name, api, path, options)
    for value in values[:6]:
        text = value if isinstance(value, str) else json.dumps(value)
        params = [*(p for p in options.get("params", []) if p[0] != name), (name, text)]
        answer = api.send("GET", path, **{**options, "params": params})
        items = items_of(answer)
        if not 200 <= answer.status < 300 or items is None:
            continue
        if limit:
            api.expect(
                len(items) <= int(text), "limit-is-kept", f"more than {name} asks for came", operation.label
            )
        else:
            others = [item for item in items if name in item and type(item[name]) is type(value)]
            api.expect(
                all(item[name] == value for item in others),
                "filter-is-kept",
                f"what came has another `{name}` than was asked for",
                operation.label,
            )


def _create_two(operation: Operation, name: str, samples: Samples, api: Api, path: str) -> None:
    """Create a thing with one text and one with another, if it is known how."""
    creating = CONTRACT.find_operation("POST", operation.path)
    if creating is None or creating.body is None or name not in members_of(CONTRACT, creating.body):
        return
    needed = {*required_of(CONTRACT, creating.body), name}
    for variant, text in enumerate(("alpha", "omega")):
        body = samples.members(creating.body, needed, variant)
        if body is not None:
            fits = not CONTRACT.complaints(creating.body, {**body, name: text}, "request")
            body = {**body, name: text} if fits else body
            api.send("POST", path, **samples.options(creating, body=body))


def _keeps_to_a_member(operation: Operation, name: str, api: Api, path: str, options: Options) -> None:
    """Ask for the things with a value that one of them has, where a parameter is named after a member.

    A server may look for a part of a text, in capitals or not.
    """
    others = [pair for pair in options.get("params", []) if pair[0] != name]
    whole = items_of(api.send("GET", path, **{**options, "params": others})) or []
    # Not a member of the same name of something within: `name` asks for a pet, and not for its category.
    found = [item[name] for item in whole if isinstance(item.get(name), str)]
    found = [value for value in found if re.search(r"\w", value)]
    for value in list(dict.fromkeys(found))[:2]:
        answer = api.send("GET", path, **{**options, "params": [*others, (name, value)]})
        items = items_of(answer)
        if not 200 <= answer.status < 300 or items is None:
            continue
        had = [item[name] for item in items if isinstance(item.get(name), str)]
        api.expect(
            all(_shares_a_word(value, each) for each in had),
            "filter-is-kept",
            f"what came has another `{name}` than was asked for",
            operation.label,
        )


def _shares_a_word(value: str, other: str) -> bool:
    """Return whether a search for a text may find another one."""
    words = re.findall(r"\w+", value.casefold())
    return not words or any(word in other.casefold() for word in words)


def _limit_of(operation: Operation) -> str | None:
    return next((name for name in operation.query if plain_name(name) in LIMITS), None)


_PAGED = [each for each in OPERATIONS if each.method == "GET" and _limit_of(each)]


class _Pages:
    """A list, and the ways to read it."""

    def __init__(self, operation: Operation, api: Api, samples: Samples, resources: Resources) -> None:
        self._operation, self._api = operation, api
        values = resources.values(operation)
        self._path = samples.path(operation, values)
        self._options = samples.options(operation)
        creating = CONTRACT.find_operation("POST", operation.path)
        for variant in range(_CREATED) if creating else ():
            resources.ask(creating, values, variant)  # type: ignore[arg-type]

    def ask(self, **asked: Any) -> Received:
        """Read it with these parameters."""
        kept = [pair for pair in self._options.get("params", []) if pair[0] not in asked]
        params = [*kept, *((name, str(value)) for name, value in asked.items())]
        return self._api.send("GET", self._path, **{**self._options, "params": params})

    def walk(self, size: int) -> Iterator[Received]:
        """Yield one page after the other."""
        limit, query = _limit_of(self._operation), self._operation.query
        assert limit is not None
        plain = {plain_name(name): name for name in query}
        offset = next((plain[each] for each in plain if each in _OFFSETS), None)
        number = next((plain[each] for each in plain if each in _NUMBERS), None)
        cursor = next((plain[each] for each in plain if each in _CURSORS), None)
        if cursor is not None and offset is None and number is None:
            yield (answer := self.ask(**{limit: size}))
            while following := _following(answer, cursor):
                yield (answer := self.ask(**{limit: size, cursor: following}))
        elif (name := offset or number) is not None:
            yield (answer := self.ask(**{limit: size}))
            # Some count from one, some from nought: the number of the first page is the one that gives it.
            schema = CONTRACT.resolve(query[name].get("schema"))
            start = schema.get("default", schema.get("minimum"))
            if not isinstance(start, int):
                same = (n for n in (1, 0) if items_of(self.ask(**{limit: size, name: n})) == items_of(answer))
                start = next(same, None)
            if start is None:
                return
            step = size if name == offset else 1
            for each in range(1, _READ):
                yield self.ask(**{limit: size, name: start + each * step})


def _following(answer: Received, cursor: str) -> str | None:
    """Return the cursor of the next page."""
    for name in (
        "next",
        "nextCursor",
        "next_cursor",
        "nextPageToken",
        "next_page_token",
        "nextToken",
        cursor,  # last, for it may be that of this page
    ):
        for value in values_named(answer, name):
            if isinstance(value, str) and value and "/" not in value:
                return value
    return None


@pytest.mark.parametrize("operation", _PAGED, ids=[each.label for each in _PAGED])
def test_pages_have_no_gap_and_do_not_overlap(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """Who reads all pages has everything, once."""
    api.calls.begin()
    if api.target.control_url is not None or not _keeps_state(operation, api, samples, resources):
        pytest.skip("unproven: the list of a target that keeps no state is an example")
    pages = _Pages(operation, api, samples, resources)
    whole = items_of(pages.ask())
    names = names_of(whole or [])
    if names is None or len(names) <= _ON_A_PAGE or names_of(items_of(pages.ask()) or []) != names:
        pytest.skip("unproven: the list has too few things, or no order")
    key = next(n for n in (whole or [{}])[0] if [item.get(n) for item in whole or []] == names)
    api.calls.begin()
    walked: list[Any] = []
    for answer in islice(pages.walk(_ON_A_PAGE), _READ):
        items = items_of(answer)
        if not 200 <= answer.status < 300 or items is None:
            break
        walked += [item.get(key) for item in items]
        api.expect(
            walked == names[: len(walked)] or len(walked) > len(names),
            "pages-join",
            f"pages of {_ON_A_PAGE} hold other things than the whole list, or in another order",
            operation.label,
        )


@pytest.mark.parametrize("operation", _PAGED, ids=[each.label for each in _PAGED])
def test_the_number_of_all_things_is_that_of_no_page(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """A client shows it, and knows from it how many pages there are."""
    api.calls.begin()
    if api.target.control_url is not None or not _keeps_state(operation, api, samples, resources):
        pytest.skip("unproven: the list of a target that keeps no state is an example")
    pages, limit = _Pages(operation, api, samples, resources), _limit_of(operation)
    assert limit is not None
    totals = [total_of(pages.ask(**{limit: size})) for size in (1, _ON_A_PAGE, 1)]
    if None in totals:
        pytest.skip("no number of all things is told")
    if totals[0] != totals[2]:
        pytest.skip("unproven: the list changes by itself")
    api.expect(
        totals[0] == totals[1],
        "total-counts-all",
        f"{totals[0]} and {totals[1]} things of all, told by pages of one and of {_ON_A_PAGE}",
        operation.label,
    )
