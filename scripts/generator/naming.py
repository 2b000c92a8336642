"""What a caller writes for an operation: `client.<resource>.<method>`, from its path and verb.

    POST   /orders                   orders.create
    GET    /orders                   orders.list              (retrieve, where it answers a single object)
    GET    /orders/{id}              orders.retrieve
    PUT    /orders/{id}              orders.replace
    PATCH  /orders/{id}              orders.update
    DELETE /orders/{id}              orders.delete
    GET    /reports/summary          reports.summary          (one operation, nothing below it)
    GET    /orders/{id}/items        orders.items.list        (several operations: a resource of its own)

Of two operations that would share a name the later one takes what its path has besides (`/labels/{id}.pdf`:
`labels.retrieve_pdf`); `x-client-name: resource.method` in the document, which means in an overlay, gives it
another.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.lib.errors import Refusal

Snake = Callable[[str], str]

_COLLECTION = {
    "post": "create",
    "get": "list",
    "put": "replace",
    "patch": "update",
    "delete": "delete",
    "head": "head",
    "options": "options",
    "trace": "trace",
}
_ITEM = {**_COLLECTION, "get": "retrieve", "post": "post"}
# A first segment that every path has and that says nothing about what is there.
_PREFIX = re.compile(r"api|rest|public|v[0-9]+(\.[0-9]+)*", re.IGNORECASE)

# A module is named after all of it, and file systems end at 255.
_LONGEST = 180
# What every resource has beside its operations.
_OWN = frozenset({"with_raw_response"})
_VERBS = frozenset({*_COLLECTION.values(), *_ITEM.values()})


@dataclass(frozen=True)
class Asked:
    """An operation as naming sees it; `single` says that a GET answers one object and no collection."""

    method: str
    path: str
    name: str
    single: bool = False
    wish: str | None = None

    @property
    def place(self) -> str:
        """The operation as a reader of the document looks for it."""
        return f"{self.method.upper()} {self.path}"


@dataclass
class Resource:
    """A resource: its name, the operations that are its methods, and the resources within it."""

    name: str
    methods: dict[str, Asked] = field(default_factory=dict)
    within: dict[str, "Resource"] = field(default_factory=dict)


def resources(asked: Sequence[Asked], snake: Snake, reserved: frozenset[str]) -> Resource:
    """Return the tree of resources of a document; its root has no name and no methods.

    `snake` makes a Python name; names that the client itself has (`reserved`) get an underscore.

    Raises:
        Refusal: two operations share a name.
    """
    chains = _chains(asked, snake)
    counts = Counter(chains.values())
    longer = {chain[:length] for chain in chains.values() for length in range(1, len(chain))}
    root = Resource("")
    chosen: dict[tuple[str, ...], list[Asked]] = {}
    for one in asked:
        chosen.setdefault(_name(one, chains[one.place], counts, longer, snake), []).append(one)
    for name, group in chosen.items():
        for extended, one in _apart(name, group, snake):
            _add(root, extended, one, reserved)
    return root


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _chains(asked: Sequence[Asked], snake: Snake) -> dict[str, tuple[str, ...]]:
    """Return the static segments of each path as Python names, without a prefix that all paths share."""
    skip = 0
    while True:
        firsts = {tuple(_segments(one.path)[skip : skip + 1]) for one in asked}
        first = next(iter(firsts)) if len(firsts) == 1 else ()
        if not first or not _PREFIX.fullmatch(first[0]):
            break
        skip += 1
    return {
        one.place: tuple(snake(part) for part in _segments(one.path)[skip:] if "{" not in part)
        for one in asked
    }


def _name(
    one: Asked,
    chain: tuple[str, ...],
    counts: Counter[tuple[str, ...]],
    longer: set[tuple[str, ...]],
    snake: Snake,
) -> tuple[str, ...]:
    if one.wish:
        parts = one.wish.split(".")
        if not all(any(c.isalnum() for c in part) for part in parts):
            raise Refusal(one.place, f"x-client-name must be resource.method, not {one.wish}")
        return tuple(snake(part) for part in parts)
    segments = _segments(one.path)
    is_item = bool(segments) and "{" in segments[-1]
    if not chain:
        chain = ("root",)
    elif not is_item and len(chain) > 1 and counts[chain] == 1 and chain not in longer:
        return chain
    if is_item:
        verb = _ITEM[one.method]
        if len(segments) > 1 and "{" in segments[-2]:
            verb += f"_by_{snake(segments[-1].strip('{}'))}"
        return (*chain, verb)
    return (*chain, "retrieve" if one.method == "get" and one.single else _COLLECTION[one.method])


def _apart(name: tuple[str, ...], group: list[Asked], snake: Snake) -> list[tuple[tuple[str, ...], Asked]]:
    """Names for operations that come to the same one, where their paths tell them apart.

    `POST /orders/create` beside `POST /orders` is `post_create`; of a collection under several parents
    (`/items` and `/orders/{id}/items`) the one with more parameters names them.
    """
    if len(group) > 1:
        spelled = [one for one in group if not one.wish and _ends_in(one, name[-1], snake)]
        if 0 < len(spelled) < len(group):
            rest = [one for one in group if one not in spelled]
            other = [((*name[:-1], f"{one.method}_{name[-1]}"), one) for one in spelled]
            return [*_apart(name, rest, snake), *other]
    parameters = [re.findall(r"\{([^{}]+)\}", one.path) for one in group]
    if len(group) == 1:
        return [(name, one) for one in group]
    if len({len(found) for found in parameters}) == len(group):
        fewest = min(parameters, key=len)
        own = [
            next((word for word in found if word not in fewest), found[0] if found else "")
            for found in parameters
        ]
        return [
            (name if found is fewest else (*name[:-1], f"{name[-1]}_by_{snake(word)}"), one)
            for one, found, word in zip(group, parameters, own, strict=True)
        ]
    return _suffixed(name, group, snake)


def _suffixed(name: tuple[str, ...], group: list[Asked], snake: Snake) -> list[tuple[tuple[str, ...], Asked]]:
    """Names for operations whose paths differ in a literal (`{id}.pdf`), in a parameter's name or less.

    The first keeps the plain name; a later one takes what its path has and that one's has not, or a number.
    An operation that a wish names keeps it, so that two equal wishes are still told as such.
    """
    found: list[tuple[tuple[str, ...], Asked]] = [(name, group[0])]
    taken = {name[-1]}
    for one in group[1:]:
        if one.wish:
            found.append((name, one))
            continue
        method = next(word for word in _suffixes(name[-1], group[0], one, snake) if word not in taken)
        taken.add(method)
        found.append(((*name[:-1], method), one))
    return found


def _suffixes(method: str, first: Asked, one: Asked, snake: Snake) -> Iterator[str]:
    literal = re.sub(r"\{[^{}]*\}", " ", one.path).split()
    plain = re.sub(r"\{[^{}]*\}", " ", first.path).split()
    words = [word for word in literal if word not in plain and any(c.isalnum() for c in word)]
    if words and "/" not in words[-1]:
        yield f"{method}_{snake(words[-1])}"
    if one.path.endswith("/") and not first.path.endswith("/"):
        yield f"{method}_slash"
    names = re.findall(r"\{([^{}]+)\}", one.path)
    if names and names != re.findall(r"\{([^{}]+)\}", first.path):
        yield f"{method}_by_{snake(names[-1])}"
    for number in range(2, 10_000):
        yield f"{method}_{number}"


def _ends_in(one: Asked, method: str, snake: Snake) -> bool:
    """Whether the method's name is the last segment of the path, rather than made from the verb."""
    segments = _segments(one.path)
    return bool(segments) and "{" not in segments[-1] and snake(segments[-1]) == method


def _add(root: Resource, name: tuple[str, ...], one: Asked, reserved: frozenset[str]) -> None:
    if len(name) < 2:
        raise Refusal(one.place, f"x-client-name must be resource.method, not {'.'.join(name)}")
    if len("__".join(name)) > _LONGEST:
        raise Refusal(one.place, f"its name is longer than {_LONGEST} characters; give it x-client-name")
    resource = root
    for depth, part in enumerate(name[:-1]):
        own = f"{part}_" if part in (reserved if depth == 0 else _OWN | _VERBS) else part
        if own in resource.methods:
            raise _shared(one, resource.methods[own], own)
        resource = resource.within.setdefault(own, Resource(own))
    method = f"{name[-1]}_" if name[-1] in _OWN else name[-1]
    if method in resource.methods:
        raise _shared(one, resource.methods[method], ".".join((*name[:-1], method)))
    if method in resource.within:
        raise _shared(one, next(_operations(resource.within[method])), ".".join((*name[:-1], method)))
    resource.methods[method] = one


def _operations(resource: Resource) -> Any:
    yield from resource.methods.values()
    for inner in resource.within.values():
        yield from _operations(inner)


def _shared(one: Asked, other: Asked, name: str) -> Refusal:
    return Refusal(
        other.place,
        f"would be called client.{name}, and so would {one.place}; name one with x-client-name",
    )
