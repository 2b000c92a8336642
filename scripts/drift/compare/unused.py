"""The components that differ and that no operation uses: they hurt nobody, and are told all the same."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from scripts.document.objects import COMPONENTS, DATA, NAMES
from scripts.drift.document.equality import equal
from scripts.drift.document.spec import FILE, Spec, as_dict, as_list
from scripts.drift.facts import Fact

# The kind and the name of a component, such as ("schemas", "Pet").
Component: TypeAlias = tuple[str, str]


def unused(
    base: Spec, revision: Spec, has_operations: bool, judged: frozenset[str] = frozenset()
) -> Iterator[Fact]:
    """Yield the components that differ where nothing refers to them on either side.

    A schema that only a discriminator leads to, on one side only, is told as not judged.

    Args:
        base: the older document.
        revision: the newer one.
        has_operations: whether one of them describes an operation.
        judged: the references of schemas that are compared elsewhere.
    """
    yield from _in_files(base, revision)
    differing = [
        (kind, name)
        for kind in COMPONENTS
        if has_operations or kind != "schemas"
        for name in {**_entries(base, kind), **_entries(revision, kind)}
        if f"#/components/{kind}/{name}" not in judged and not _alike(base, revision, kind, name)
    ]
    uses = []
    for spec in (base, revision):
        if differing:
            uses.append(_Uses(spec, set(differing)))
            differing = [one for one in differing if one not in uses[-1].found]
    for kind, name in differing:
        before, after = (_entries(spec, kind).get(name) for spec in (base, revision))
        at = ("components", kind, name)
        if any((kind, name) in one.marked() for one in uses):
            place = f"schema {name}, which a discriminator leads to,"
            effect = "added" if before is None else "removed" if after is None else "changed"
            yield Fact("rest", place, None, None, at, at, more={"effect": effect})
        else:
            yield Fact("unused", f"component {kind}/{name}", before, after, at, at)


def _in_files(base: Spec, revision: Spec) -> Iterator[Fact]:
    """Yield what differs in the files of the documents and no reference leads to."""
    for key in {**base.document, **revision.document}:
        if not key.startswith(FILE):
            continue
        before, after = base.document.get(key), revision.document.get(key)
        if before is None or after is None or equal(before, after):
            continue  # that a file comes or goes is a matter of the references to it
        reached = base.referred() | revision.referred()
        waiting: list[tuple[tuple[str, ...], Any, Any]] = [((key,), before, after)]
        while waiting:
            at, old, new = waiting.pop()
            if at in reached or equal(old, new):
                continue
            if isinstance(old, dict) and isinstance(new, dict):
                names = {**old, **new}
                waiting += [((*at, str(name)), old.get(name), new.get(name)) for name in names]
            else:
                yield Fact("unused", "/".join(at), old, new, at, at)


def _entries(spec: Spec, kind: str) -> dict[str, Any]:
    return as_dict(as_dict(spec.document.get("components")).get(kind))


def _alike(base: Spec, revision: Spec, kind: str, name: str) -> bool:
    olds, news = _entries(base, kind), _entries(revision, kind)
    return name in olds and name in news and equal(olds[name], news[name])


class _Uses:
    """What the operations of a document refer to.

    Attributes:
        found: the components that references and requirements lead to.
    """

    def __init__(self, spec: Spec, wanted: set[Component]) -> None:
        self._spec = spec
        # Those that are looked for and were not found so far: the walk ends with the last of them.
        self._wanted = wanted
        self._all_marked: set[Component] | None = None
        self.found: set[Component] = set()
        self._tagged: set[str] = set()
        keys = ("paths", "webhooks", *(("security",) if spec.shares_security else ()))
        roots = {key: spec.document[key] for key in keys if key in spec.document}
        self._walk([(roots, False)], self.found)

    def _walk(self, waiting: list[tuple[Any, bool]], found: set[Component]) -> None:
        """Follow all references; beside each value stands whether its keys are names and no keywords."""
        while waiting and self._wanted:
            node, is_named = waiting.pop()
            if isinstance(node, list):
                waiting += [(one, False) for one in node if isinstance(one, dict | list)]
                continue
            for key, child in node.items() if isinstance(node, dict) else ():
                if is_named:
                    if isinstance(child, dict | list):
                        waiting.append((child, False))
                elif isinstance(child, str):
                    if key in ("$ref", "$dynamicRef"):
                        self._refer(child, waiting, found)
                elif not isinstance(child, dict | list) or key in DATA or key[:2] == "x-":
                    continue
                elif key == "security":
                    names = [str(name) for one in as_list(child) for name in as_dict(one)]
                    for name in names:
                        self._refer(f"#/components/securitySchemes/{name}", waiting, found)
                elif key == "discriminator":
                    targets = [str(one) for one in as_dict(as_dict(child).get("mapping")).values()]
                    self._tagged.update(one.rpartition("/")[2] for one in targets)
                else:
                    waiting.append((child, key in NAMES))

    def _refer(self, reference: str, waiting: list[tuple[Any, bool]], found: set[Component]) -> None:
        for target, pointer in self._spec.targets(reference):
            if len(pointer) == 3 and pointer[0] == "components":
                if (pointer[1], pointer[2]) in found:
                    continue
                found.add((pointer[1], pointer[2]))
                self._wanted.discard((pointer[1], pointer[2]))
                waiting.append((target, False))
            elif pointer[:1] == ("components",) or (pointer and pointer[0] not in ("paths", "webhooks")):
                if ("", "/".join(pointer)) not in found:
                    found.add(("", "/".join(pointer)))
                    waiting.append((target, False))

    def marked(self) -> set[Component]:
        """Return the schemas that only a discriminator leads to, by its mapping or by its schema."""
        if self._all_marked is None:
            self._all_marked = self._marked()
        return self._all_marked

    def _marked(self) -> set[Component]:
        schemas = _entries(self._spec, "schemas")
        heads = {
            f"#/components/schemas/{name}"
            for name, one in schemas.items()
            if ("schemas", name) in self.found and "discriminator" in as_dict(one)
        }
        marked = {("schemas", name) for name in self._tagged}
        for name, one in schemas.items():
            if any(as_dict(part).get("$ref") in heads for part in as_list(as_dict(one).get("allOf"))):
                marked.add(("schemas", str(name)))
        waiting = [(schemas.get(name), False) for _, name in marked]
        self._walk(waiting, marked)
        return marked
