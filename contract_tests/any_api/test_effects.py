"""Does a request have the effect that its answer tells, and that its method means (RFC 9110, RFC 5789)?"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from contract_tests.any_api.situations import BUSY
from contract_tests.any_api.thing import IDS, READING, Thing
from contract_tests.checks.document import Operation
from contract_tests.checks.operations import is_json
from contract_tests.principles.members import alike, members_of, object_of, required_of, values_named
from contract_tests.session.api import Api
from contract_tests.session.resources import Resources
from contract_tests.session.sample_requests import FORM, MULTIPART, CannotAsk, Options, Samples, written
from contract_tests.session.subject import chosen
from contract_tests.target.exchange import Received

CONTRACT = chosen().contract
OPERATIONS = CONTRACT.operations
# What no text is, with the bytes that programs take for the end of something.
_FILE = b"\x00\xff\xfe\r\n--\r\n\x80\x1a" + "ü€".encode()
_JSON = {"Content-Type": "application/json"}
_MOST, _VARIANTS = 8, 3


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_the_location_of_a_new_thing_leads_to_it(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """RFC 9110, section 10.2.2: Location of 201 names what was created."""
    thing = Thing(reading, api, samples, resources, 0)
    location = thing.created.headers.get("location")
    if thing.created.status != 201 or not location:
        pytest.skip("unproven: the answer has no Location")
    asked = api.target.url(samples.path(thing.creating, thing.values))
    try:
        address = str(httpx.URL(urljoin(asked, location)))
        is_elsewhere = urlsplit(address)[:2] != urlsplit(asked)[:2]
    except (ValueError, httpx.InvalidURL):
        message = "the Location of what was just created is no address (RFC 3986)"
        api.expect(False, "location-leads-to-the-thing", message, thing.creating.label)
        return
    if is_elsewhere:
        pytest.skip("unproven: Location is on another host")
    options = samples.options(reading)
    if urlsplit(address).query:
        options.pop("params", None)
    request = api.wire.build_request("GET", address, **options)
    api.credentials.put_into(request)
    try:
        response = api.wire.send(request)
    except httpx.HTTPError:
        pytest.skip("unproven: no whole answer from Location")
    answer = api.saw(request, response, response.elapsed.total_seconds())
    direct, again = thing.read(), object_of(thing.read())
    told = object_of(direct) if 200 <= direct.status < 300 else {}
    # What changes by itself, such as an address that is signed anew, tells nothing.
    told = {name: value for name, value in told.items() if again.get(name) == value}
    if answer.status in BUSY:
        pytest.skip("unproven: the target has too much to do")
    api.expect(
        200 <= answer.status < 400,
        "location-leads-to-the-thing",
        f"{answer.status} for the Location of what was just created",
        thing.creating.label,
    )
    api.expect(
        not told or not object_of(answer) or not list(alike(told, answer)),
        "location-leads-to-the-thing",
        "the Location of what was just created leads to something else",
        thing.creating.label,
    )


def _actions(reading: Operation) -> Iterator[Operation]:
    """Yield the operations that change a part of a thing, or do something with it."""
    for each in OPERATIONS:
        below = each.path.startswith(f"{reading.path}/") and each.path_names == reading.path_names
        if below and each.method in ("POST", "PUT", "PATCH"):
            yield each


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_what_an_action_tells_is_read_afterwards(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """An answer that shows the thing as it is now shows what everybody else will see."""
    for operation in _actions(reading):
        thing = Thing(reading, api, samples, resources, 0)
        before = object_of(thing.read())
        answer = thing.do(operation, _options(samples, operation, 1))
        told, now = object_of(answer), thing.read()
        identity = {str(thing.values[reading.path_names[-1]])}
        is_the_thing = identity & {str(value) for n, value in told.items() if object_of(now).get(n) == value}
        if not 200 <= answer.status < 300 or answer.status == 202 or not is_the_thing:
            continue
        # What is neither old nor as told went on since, or is hidden from whoever reads it later.
        lost = {n: v for n, v in told.items() if n in before and object_of(now).get(n) == before[n]}
        for name in alike(lost, now):
            api.expect(False, "state-is-kept", f"`{name}` is not what {operation.label} told", reading.label)


_REPLACING = [each for each in OPERATIONS if each.method == "PUT" and each.body is not None]


@pytest.mark.parametrize("operation", _REPLACING, ids=[each.label for each in _REPLACING])
def test_a_replacement_replaces_all(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """RFC 9110, section 9.3.4: what a PUT leaves out is not there any more."""
    api.calls.begin()
    needed = required_of(CONTRACT, operation.body)
    least = samples.members(operation.body, needed)
    path = _path(samples, operation, resources.values(operation, fresh=True))
    if least is None or path is None:
        pytest.skip("unproven: no body without optional members could be made")
    for name in [each for each in members_of(CONTRACT, operation.body) if each not in needed][:_MOST]:
        api.calls.begin()
        before = list(values_named(_sent(api, samples, operation, path, least), name))
        for variant in range(_VARIANTS):
            full = samples.members(operation.body, {*needed, name}, variant) or {}
            value = full.get(name)
            # What a target answers whatever is sent is an example.
            if value not in (None, [], {}, _default(operation.body, name), *before):
                break
        else:
            continue
        first = _sent(api, samples, operation, path, full)
        second = _sent(api, samples, operation, path, least)
        both_done = all(200 <= each.status < 300 and each.status != 202 for each in (first, second))
        if not both_done or value not in list(values_named(first, name)):
            continue
        api.expect(
            value not in list(values_named(second, name)),
            "replacement-replaces",
            f"`{name}` is still what an earlier PUT wrote, though the last one left it out",
            operation.label,
        )


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_a_change_of_one_member_leaves_the_others(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """RFC 5789: a patch says what changes."""
    operation = CONTRACT.find_operation("PATCH", reading.path)
    named = members_of(CONTRACT, operation.body) if operation else {}
    if operation is None or len(named) < 2:
        pytest.skip("no member of it can be changed alone")
    for variant in range(_VARIANTS):
        thing = Thing(reading, api, samples, resources, 0)
        path = _path(samples, operation, thing.values)
        every = samples.members(operation.body, set(named), variant)
        if path is None or every is None:
            pytest.skip("unproven: no change could be made")
        harm: dict[str, list[str]] = {}
        for name in [*named][:_MOST]:
            change = samples.members(operation.body, {name}, variant + 1)
            if change is not None and [*change] == [name]:
                _sent(api, samples, operation, path, every)
                harm[name] = _harmed(operation, thing, change, {*named} - {name}, api, samples)
        # One member may depend on another, as a region does on its country; no honest one depends on each.
        for victim in sorted({other for others in harm.values() for other in others}):
            changed = [name for name, others in harm.items() if victim in others]
            if len(changed) > 1 and len(changed) == len(harm.keys() - {victim}):
                message = f"`{victim}` changed, though the change was of `{changed[0]}` alone"
                api.expect(False, "patch-leaves-the-rest", message, operation.label)


def _harmed(
    operation: Operation, thing: Thing, change: dict[str, Any], others: set[str], api: Api, samples: Samples
) -> list[str]:
    """Change one member, and return the others that have another value then, or none."""
    first, path = thing.read(), samples.path(operation, thing.values)
    before = object_of(first) if 200 <= first.status < 300 else {}
    answer = _sent(api, samples, operation, path, change)
    now = thing.read()
    # An error has members, too.
    if not all(200 <= each.status < 300 for each in (answer, now)) or answer.status == 202 or not before:
        return []
    for name in alike({n: v for n, v in object_of(answer).items() if n in change and n in before}, now):
        api.expect(False, "state-is-kept", f"`{name}` is not what was written", operation.label)
    # A member that no client can write may depend on all others.
    had = {name: value for name, value in before.items() if name in others}
    gone = [name for name, value in had.items() if value is not None and name not in object_of(now)]
    return [*gone, *alike(had, now)]


@pytest.mark.parametrize("reading", READING, ids=IDS)
def test_what_is_left_out_has_its_default(
    reading: Operation, stateful: None, api: Api, samples: Samples, resources: Resources
) -> None:
    """The default of a property is what a client counts on that leaves it out."""
    thing = Thing(reading, api, samples, resources, 0)
    operation = thing.creating
    least = samples.members(operation.body, required_of(CONTRACT, operation.body))
    if least is None:
        pytest.skip("unproven: no body without optional members could be made")
    path = samples.path(operation, thing.values)
    answer = _sent(api, samples, operation, path, least)
    if answer.status != 201:
        pytest.skip(f"unproven: {answer.status}, so that nothing new was created")
    told = object_of(answer)
    for name in members_of(CONTRACT, operation.body):
        default = _default(operation.body, name)
        if default is None or name in least or name not in told:
            continue
        api.expect(
            told[name] == default,
            "default-is-the-documented-one",
            f"`{name}` was left out, and is not the documented default",
            operation.label,
        )


_TWICE = [
    each
    for each in OPERATIONS
    if each.method == "POST" and FORM in each.content and any(map(is_json, each.content))
]


@pytest.mark.parametrize("operation", _TWICE, ids=[each.label for each in _TWICE])
def test_a_form_says_the_same_as_json(
    operation: Operation, api: Api, samples: Samples, resources: Resources
) -> None:
    """Two media types of one request are two ways to write one thing."""
    api.calls.begin()
    path = _path(samples, operation, resources.values(operation))
    of_a_form = members_of(CONTRACT, operation.content[FORM])
    for name, schema in members_of(CONTRACT, operation.body).items():
        if name not in of_a_form:
            continue
        for value in [True] if CONTRACT.resolve(schema).get("type") == "boolean" else [...]:
            body = samples.members(operation.body, {*required_of(CONTRACT, operation.body), name})
            if (
                body is None
                or path is None
                or any(v is None or isinstance(v, dict | list) for v in body.values())
            ):
                continue
            if value is not ...:
                body[name] = value
            api.calls.begin()
            as_json = object_of(_sent(api, samples, operation, path, body))
            answer = api.send(operation.method, path, **written(FORM, body))
            as_form = object_of(answer) if 200 <= answer.status < 300 else {}
            if name not in as_json or as_json[name] != body.get(name) or name not in as_form:
                continue
            api.expect(
                as_form[name] == as_json[name],
                "media-types-say-the-same",
                f"`{name}` of a form is something else than the same in JSON",
                operation.label,
            )


def _uploads() -> Iterator[tuple[Operation, Operation, str, str]]:
    """Yield the operations that take a file, and read it, with the media type and the member of the form."""
    for operation in OPERATIONS:
        reading = CONTRACT.find_operation("GET", operation.path)
        if operation.method not in ("PUT", "POST") or reading is None:
            continue
        answer = reading.response(200)
        if answer is None or "application/octet-stream" not in answer.content:
            continue
        if "application/octet-stream" in operation.content:
            yield operation, reading, "application/octet-stream", ""
        elif MULTIPART in operation.content:
            named = members_of(CONTRACT, operation.content[MULTIPART])
            files = [n for n, s in named.items() if CONTRACT.resolve(s).get("format") == "binary"]
            files += [n for n, s in named.items() if "contentMediaType" in CONTRACT.resolve(s)]
            if len(files) == 1:
                yield operation, reading, MULTIPART, files[0]


UPLOADS = list(_uploads())


@pytest.mark.parametrize(
    ("operation", "reading", "media_type", "name"), UPLOADS, ids=[each[0].label for each in UPLOADS]
)
def test_a_file_comes_back_as_it_was_sent(
    operation: Operation,
    reading: Operation,
    media_type: str,
    name: str,
    api: Api,
    samples: Samples,
    resources: Resources,
) -> None:
    """A file is bytes: whoever takes it for text loses some."""
    api.calls.begin()
    values = resources.values(operation, fresh=True)
    path = samples.path(operation, values)
    if 200 <= api.send("GET", samples.path(reading, values), **samples.options(reading)).status < 300:
        pytest.skip("unproven: the target answers with a file that nobody sent")
    for content in (_FILE, b""):
        options: Options = {"content": content, "headers": {"Content-Type": media_type}}
        if media_type == MULTIPART:
            least = (
                samples.members(
                    operation.content[MULTIPART], required_of(CONTRACT, operation.content[MULTIPART])
                )
                or {}
            )
            others = written(MULTIPART, {n: v for n, v in least.items() if n != name}).get("files", [])
            options = {"files": [*others, (name, ("file.bin", content, "application/octet-stream"))]}
        answer = api.send(operation.method, path, **options)
        if not 200 <= answer.status < 300 or answer.status == 202:
            continue
        read = api.send("GET", samples.path(reading, values), **samples.options(reading))
        if read.status in BUSY or 300 <= read.status < 400:
            continue
        api.expect(
            200 <= read.status < 300 and read.body == content,
            "file-comes-back",
            f"{read.status} and {len(read.body)} bytes for a file of {len(content)} that was just sent",
            operation.label,
        )


def _options(samples: Samples, operation: Operation, variant: int) -> Options:
    try:
        return samples.options(operation, variant)
    except CannotAsk:
        return {}


def _path(samples: Samples, operation: Operation, values: dict[str, str]) -> str | None:
    try:
        return samples.path(operation, values)
    except CannotAsk:
        return None


def _sent(api: Api, samples: Samples, operation: Operation, path: str, body: Any) -> Received:
    """Send a body of JSON."""
    plain = _options(samples, operation, 0)
    media_type = next(filter(is_json, operation.content), "application/json")
    headers = {**plain.get("headers", {}), "Content-Type": media_type}
    params = plain.get("params", [])
    return api.send(operation.method, path, params=params, headers=headers, content=json.dumps(body).encode())


def _default(schema: Any, name: str) -> Any:
    node = members_of(CONTRACT, schema).get(name)
    node = node if isinstance(node, dict) else {}
    beside = "$ref" not in node or str(CONTRACT.document["openapi"]) >= "3.1"
    return node["default"] if beside and "default" in node else CONTRACT.resolve(node).get("default")
