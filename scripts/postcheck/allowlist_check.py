"""Hold generated files against the lists of `scripts.postcheck.allowlist`.

Nothing is imported or run. Whatever is not on the lists is refused with file, line and reason: other syntax,
other imports, a call while the module is being imported, a name that is neither the templates' nor made of
words of the document, a built-in such as `eval`, hidden characters.
"""

import ast
import builtins
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from scripts.document.transliteration import spelled
from scripts.generator.long_words import cuts
from scripts.generator.runtime_copy import FOLDER
from scripts.lib.errors import Refusal
from scripts.postcheck import allowlist
from scripts.postcheck.syntax import nodes

_FOLDER = re.compile(r"[a-z_][a-z0-9_]*")
_FILE = re.compile(r"[a-z_][a-z0-9_]*\.py|py\.typed")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
# Unicode Standard Annex 9: characters that turn the direction of what follows ("Trojan Source").
_HIDDEN = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# To see whether a name is made of known words takes the square of its length.
_LONGEST_NAME = 400
_MAX_BYTES = 4 * 1024 * 1024
_BOUND_BUILTINS = frozenset(("id", "__doc__"))


def vet(folder: Path, document: Any, exempt: Collection[str] = ()) -> list[Refusal]:
    """All that is not allowed in a generated package.

    Args:
        folder: the package.
        document: what it was generated from; its words may be in names.
        exempt: relative paths of files that are not generated but copied, and compared elsewhere.
    """
    package = _Package(words_of(document), _modules(folder))
    found: list[Refusal] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            found.append(Refusal(name, "is neither a file nor a folder"))
        elif not (_FOLDER if path.is_dir() else _FILE).fullmatch(path.name):
            found.append(Refusal(name, "is not a plain file name"))
        elif path.suffix == ".py" and name not in exempt:
            found += _vetted(path.read_bytes(), name, package)
    return found


def vet_source(content: bytes, name: str, words: Collection[str], folder: Path) -> list[Refusal]:
    """All that is not allowed in one generated file.

    Args:
        content: the file.
        name: its path within the package.
        words: those of the document, see `words_of`.
        folder: the package, in which relative imports must find their module.
    """
    return _vetted(content, name, _Package(words, _modules(folder)))


@dataclass(frozen=True)
class _Package:
    """What is known of the package while its files are looked at.

    Attributes:
        words: those of the document.
        modules: the paths of its modules within it, without their ending.
        known: names that were found to be in order.
    """

    words: Collection[str]
    modules: frozenset[str]
    known: set[str] = field(default_factory=set)


def _modules(folder: Path) -> frozenset[str]:
    return frozenset(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.py") if path.is_file()
    )


def _vetted(content: bytes, name: str, package: _Package) -> list[Refusal]:
    if len(content) > _MAX_BYTES:
        return [Refusal(name, f"is larger than {_MAX_BYTES} bytes")]
    try:
        text = content.decode("utf-8")
        if hidden := _HIDDEN.search(text):
            line = text.count("\n", 0, hidden.start()) + 1
            return [Refusal(f"{name}:{line}", f"holds the character U+{ord(hidden.group()):04X}")]
        tree = ast.parse(text)
        # Finds what parsing does not, such as one argument twice; nothing runs.
        compile(tree, name, "exec", dont_inherit=True)
    except (UnicodeDecodeError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return [Refusal(name, f"is no Python: {error}")]
    return [Refusal(f"{name}:{line}", reason) for line, reason in _File(tree, name, package).faults()]


def words_of(document: Any) -> frozenset[str]:
    """Return the words that names in generated code may be made of: those of all keys and short texts."""
    found: set[str] = set()
    texts: set[str] = set()
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
            # A class of too long a name is named after parts of it.
            long = [one for one in (*value, value.get("title")) if isinstance(one, str) and len(one) > 200]
            found.update(word.lower() for one in long for word in _WORD.findall(one[:2000]))
            waiting += [cut for one in long for cut in cuts(one)]
            listed = value.get("enum")
            # A member is named after the beginning of its value, which may be a sentence.
            waiting += (
                [one[:200] for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
            )
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and len(value) <= 200 and value not in texts:
            texts.add(value)
            found.update(word.lower() for word in _WORD.findall(value))
            waiting += cuts(value)
            if (plain := spelled(value)) != value:
                waiting.append(plain)
            found.add("".join(c for c in value if c.isascii() and c.isalnum()).lower())
    return frozenset(found - {""})


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What has names of its own (see `_names`), and what has to be looked at (see `_File._faults_of`).
_NAMED = frozenset(
    (ast.Name, ast.Attribute, *_DEFINITIONS, ast.arg, ast.keyword, ast.alias, ast.ExceptHandler)
)
_JUDGED = frozenset((ast.Import, ast.ImportFrom, ast.Name, ast.Attribute, ast.Call))


class _File:
    """One parsed file and what is known about the names in it."""

    def __init__(self, tree: ast.Module, name: str, package: _Package) -> None:
        self.tree = tree
        self.name = name
        self.package = package
        self.known = package.known
        # Each node is asked once what it is.
        self.by_type: dict[type[ast.AST], list[Any]] = {}
        for node in nodes(tree):
            self.by_type.setdefault(type(node), []).append(node)

    def faults(self) -> Iterator[tuple[int, str]]:
        """Line and reason of all that is not allowed."""
        for kind, found in self.by_type.items():
            if kind not in allowlist.SYNTAX:
                yield from (
                    (_line(node), f"{kind.__name__} is no syntax that the templates use") for node in found
                )
            if kind in _NAMED:
                for node in found:
                    for name in _names(node):
                        if name not in self.known and (reason := self._name_fault(name)):
                            yield _line(node), reason
            if kind in _JUDGED:
                for node in found:
                    for reason in self._faults_of(node):
                        yield _line(node), reason
        yield from _at_import(self.tree)

    def _faults_of(self, node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.Import):
            yield from (f"imports {a.name}" for a in node.names if not _may_import(a))
        elif isinstance(node, ast.ImportFrom):
            yield from self._import_faults(node)
        elif isinstance(node, ast.Name):
            yield from self._use_faults(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            allowed = allowlist.MODULE_ATTRIBUTES.get(node.value.id)
            # A model may have a property of a module's name; then it is an attribute of self.
            if allowed is not None and node.value.id in self.modules and node.attr not in allowed:
                yield f"reaches {node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call):
            yield from self._call_faults(node)

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules that the file imports, and what it imports under the templates' own names."""
        return frozenset(
            alias.asname or alias.name
            for node in self._of(ast.Import, ast.ImportFrom)
            for alias in node.names
        )

    def _of(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        for kind in kinds:
            yield from self.by_type.get(kind, ())

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that the file gives to something."""
        found: set[str] = set()
        found.update(node.id for node in self._of(ast.Name) if type(node.ctx) is not ast.Load)
        found.update(node.arg for node in self._of(ast.arg))
        found.update(node.name or "" for node in self._of(*_DEFINITIONS, ast.ExceptHandler))
        return self.modules | found

    @cached_property
    def usable(self) -> frozenset[str]:
        """The names that the file may use."""
        return self.bound | allowlist.BUILTINS | allowlist.GIVEN

    @cached_property
    def functions(self) -> frozenset[str]:
        """What the file may call by its name: its own functions and classes, and what it imports."""
        found = {"cls", *allowlist.BUILTINS}
        found.update(node.name for node in self._of(*_DEFINITIONS))
        for node in self._of(ast.ImportFrom):
            found.update(alias.asname or alias.name for alias in node.names)
        return frozenset(found)

    def _name_fault(self, name: str) -> str | None:
        if not name.isascii():
            return f"the name {name!r} is not of plain letters"
        if len(name) > _LONGEST_NAME:
            return f"the name {name[:40]}… is longer than {_LONGEST_NAME} characters"
        if name.startswith("__") and name.endswith("__"):
            return None if name in allowlist.DUNDERS else f"the name {name} is Python's own"
        if not _made_of(name.replace("_", "").lower(), self.package.words):
            return f"the name {name!r} is neither of the templates nor of the document"
        self.known.add(name)
        return None

    def _use_faults(self, node: ast.Name) -> Iterator[str]:
        if isinstance(node.ctx, ast.Load):
            if node.id not in self.usable:
                yield f"uses {node.id}, which it has from nowhere"
        elif hasattr(builtins, node.id) and node.id not in _BOUND_BUILTINS:
            yield f"gives another meaning to {node.id}"

    def _import_faults(self, node: ast.ImportFrom) -> Iterator[str]:
        module = node.module or ""
        taken = {alias.name for alias in node.names}
        for alias in node.names:
            if not _may_rename(alias):
                yield f"imports {alias.name} from {module} under another name"
        if node.level == 0:
            if not taken <= allowlist.IMPORTS.get(module, frozenset()):
                yield f"imports {', '.join(sorted(taken))} from {module}"
            return
        place = self.name.split("/")
        if node.level > len(place):
            yield "imports from outside its package"
            return
        target = [*place[: -node.level], *(module.split(".") if module else ())]
        if target[:1] == [FOLDER]:
            if not taken <= allowlist.RUNTIME.get("/".join(target[1:]), frozenset()):
                yield f"imports {', '.join(sorted(taken))} from the runtime's {'/'.join(target[1:]) or '.'}"
            return
        for names in [target] if module else [[*target, name] for name in taken]:
            if not {"/".join(names), "/".join((*names, "__init__"))} & self.package.modules:
                yield f"imports {module or names[-1]}, which is not in the package"

    def _call_faults(self, node: ast.Call) -> Iterator[str]:
        callee = node.func
        if isinstance(callee, ast.Name):
            if callee.id not in self.functions:
                yield f"calls {callee.id}"
        elif isinstance(callee, ast.Attribute):
            if not self._may_call(callee):
                yield f"calls the method {callee.attr}"
        else:
            yield "calls what is not a name"

    def _may_call(self, callee: ast.Attribute) -> bool:
        if isinstance(callee.value, ast.Name) and callee.value.id in self.modules:
            # What may be reached through it has been looked at.
            return callee.value.id in allowlist.MODULE_ATTRIBUTES or callee.attr in allowlist.METHODS
        return callee.attr in allowlist.METHODS or callee.attr in self.methods

    @cached_property
    def methods(self) -> frozenset[str]:
        """The methods that the classes of the file have."""
        return frozenset(
            item.name
            for node in self._of(ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        )


def _made_of(name: str, words: Collection[str]) -> bool:
    """Whether a name, in small letters, is a row of digits and words of the templates or the document."""
    known = _TEMPLATE_WORDS
    reached = [True] + [False] * len(name)
    for end in range(1, len(name) + 1):
        reached[end] = any(
            reached[start] and ((word := name[start:end]) in known or word in words or word.isdecimal())
            for start in range(end)
        )
    return reached[-1]


def _vocabulary_words() -> frozenset[str]:
    names: set[str] = {*allowlist.WORDS, *allowlist.BUILTINS, *allowlist.METHODS, *allowlist.ALIASES}
    for module, taken in allowlist.IMPORTS.items():
        names |= {*module.split("."), *taken}
    for attributes in allowlist.MODULE_ATTRIBUTES.values():
        names |= attributes
    for module, taken in allowlist.RUNTIME.items():
        names |= {module, *taken} - {""}
    names |= allowlist.OWN_ALIASES
    names |= allowlist.BASES | allowlist.DECORATORS
    return frozenset(
        {word.lower() for name in names for word in _WORD.findall(name)} | {n.lower() for n in names}
    )


_TEMPLATE_WORDS = _vocabulary_words()


def _names(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        return (node.attr,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.arg | ast.keyword):
        return (node.arg,) if node.arg else ()
    if isinstance(node, ast.alias):
        return tuple(part for part in (*node.name.split("."), node.asname) if part and part != "__future__")
    if isinstance(node, ast.ExceptHandler):
        return (node.name,) if node.name else ()
    return ()


def _may_rename(alias: ast.alias) -> bool:
    if alias.asname is None or alias.asname in allowlist.OWN_ALIASES:
        return True
    return allowlist.ALIASES.get(alias.asname) == alias.name


def _may_import(alias: ast.alias) -> bool:
    return alias.asname is None and allowlist.IMPORTS.get(alias.name) == frozenset()


def _at_import(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what would run, beyond definitions, when the module is imported."""
    bodies: list[tuple[bool, list[ast.stmt]]] = [(True, tree.body)]
    while bodies:
        top, body = bodies.pop()
        # In a class, a name that is assigned before would be taken for the one of `typing`.
        plain = True
        for statement in body:
            line = statement.lineno
            if isinstance(statement, ast.ClassDef):
                bodies.append((False, statement.body))
                yield from _class_faults(statement)
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _function_faults(statement)
            elif isinstance(statement, ast.If) and (top or plain) and _is_type_checking(statement):
                bodies.append((top, [*statement.body, *statement.orelse]))
            elif isinstance(statement, ast.Assign | ast.AnnAssign):
                plain = False
                yield from _expression_faults(statement)
                yield from (
                    (line, "assigns to what is no name") for target in _targets(statement) if target is None
                )
            elif not isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass) and not _is_docstring(
                statement
            ):
                yield line, f"{type(statement).__name__} runs when the module is imported"


_TYPE_CHECKING = ast.dump(ast.parse("TYPE_CHECKING", mode="eval").body)


def _is_type_checking(statement: ast.If) -> bool:
    return ast.dump(statement.test) == _TYPE_CHECKING


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[str | None]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [target.id if isinstance(target, ast.Name) else None for target in targets]


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _class_faults(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    if node.keywords:
        yield node.lineno, f"the class {node.name} has a metaclass or the like"
    for base in node.bases:
        name = _dotted(base.value if isinstance(base, ast.Subscript) else base)
        if name not in allowlist.BASES:
            yield node.lineno, f"the class {node.name} is derived from {name}"
        yield from _expression_faults(base)
    yield from _decorator_faults(node)


def _function_faults(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[int, str]]:
    yield from _decorator_faults(node)
    arguments = node.args
    every = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    evaluated = [argument.annotation for argument in every if argument is not None]
    for expression in (*evaluated, *arguments.defaults, *arguments.kw_defaults, node.returns):
        if expression is not None:
            yield from _expression_faults(expression)


def _decorator_faults(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> Iterator[tuple[int, str]]:
    for decorator in node.decorator_list:
        name = _dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
        if name not in allowlist.DECORATORS:
            yield decorator.lineno, f"the decorator {name}"
        yield from _expression_faults(decorator)


def _expression_faults(node: ast.AST) -> Iterator[tuple[int, str]]:
    for part in nodes(node):
        line = _line(part)
        if isinstance(part, ast.Call):
            if (name := _dotted(part.func)) not in allowlist.IMPORT_TIME_CALLS:
                yield line, f"calls {name} when the module is imported"
        elif isinstance(part, ast.DictComp | ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.JoinedStr):
            yield line, f"{type(part).__name__} runs when the module is imported"


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return "something"
