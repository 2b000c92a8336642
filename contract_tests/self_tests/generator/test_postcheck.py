"""Is code that the templates did not mean noticed, whatever let it through?"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.document.parse import parse_json
from scripts.generator.long_words import shortened
from scripts.generator.python_names import class_name, member_names, module_of
from scripts.generator.runtime_copy import altered, copy_runtime
from scripts.lib.paths import ROOT
from scripts.postcheck.allowlist_check import vet, vet_source, words_of
from scripts.postcheck.syntax import nodes

DOCUMENT = parse_json((ROOT / "openapi" / "effective.json").read_bytes(), "effective.json")
CLIENT = ROOT / "generated" / "novapost_client"


def reasons(
    source: str, name: str = "models/parcel.py", words: str = "parcel evil a b x f g system os"
) -> list[str]:
    """Return the findings in a file of the package."""
    content = source.encode()
    return [refusal.reason for refusal in vet_source(content, name, frozenset(words.split()), CLIENT)]


def test_our_client_passes(tmp_path: Path) -> None:
    """The list is what the templates use, and not less."""
    # Without what Python leaves beside modules that somebody has imported.
    package = tmp_path / CLIENT.name
    shutil.copytree(CLIENT, package, ignore=shutil.ignore_patterns("__pycache__"))
    runtime = [path.relative_to(package).as_posix() for path in package.glob("_runtime/*.py")]

    assert vet(package, DOCUMENT, exempt=runtime) == []
    assert altered(package, runtime) == []


def test_no_node_is_passed_over() -> None:
    """Our walk is a quick `ast.walk`; what it does not see nobody judges."""
    rare = """
def f(a, /, b=1, *c, d, e=2, **g): global x; return lambda h: {**a, 1: [*b]}
async def k():
    async with a as (b, c): return [m async for m in n if o if p]
match q:
    case {"r": s, **t} | [u, *v] | w(y, z=1) if f"{a!r:>{b}}": del a[1:2], c.d
try: raise a from b
except* (c, d) as e: nonlocal_ = (yield)
class l(m, n=o, *p): x: int = a if b else c
"""
    for text in (rare, *(path.read_text("utf-8") for path in (ROOT / "scripts").rglob("*.py"))):
        tree = ast.parse(text)
        contexts = (ast.Load, ast.Store, ast.Del)

        seen = [id(node) for node in nodes(tree)]

        assert seen == [id(node) for node in ast.walk(tree) if not isinstance(node, contexts)]


@pytest.mark.parametrize(
    "source",
    [
        "from typing import Any\n\ndef f(a: Any) -> Any:\n    return str(a)\n",
        "import datetime\n\nx = datetime.date.fromisoformat('2020-01-01')\n",
        "from .._runtime import parsing as _p\n\nx = _p.Array(_p.TEXT)\n",
        "from ..client import Client\n\ndef f(client: Client) -> str:\n    return client.send(client)\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from ..types import Unset\n",
        "from typing import TYPE_CHECKING\n\nclass A:\n    if TYPE_CHECKING:\n        x = 1\n    value = 2\n",
    ],
)
def test_what_the_templates_write_passes(source: str) -> None:
    """A list that is too short would stop honest documents."""
    assert reasons(source) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os\n", "imports os"),
        ("from os import system\n", "imports system from os"),
        ("import datetime as evil\n", "imports datetime"),
        ("from typing import *\n", "imports * from typing"),
        ("from ....evil import x\n", "imports from outside its package"),
        ("from ..evil import x\n", "imports evil, which is not in the package"),
        ("eval('1')\n", "Expr runs when the module is imported"),
        ("x = eval('1')\n", "calls eval when the module is imported"),
        ("def f() -> None:\n    eval('1')\n", "uses eval, which it has from nowhere"),
        ("def f() -> None:\n    __import__('os')\n", "the name __import__ is Python's own"),
        ("def f() -> None:\n    open('/a')\n", "uses open"),
        ("def f(a: str = print('x')) -> None:\n    return\n", "calls print when the module is imported"),
        ("def f(a: print('x')) -> None:\n    return\n", "calls print when the module is imported"),
        ("@print\ndef f() -> None:\n    return\n", "the decorator print"),
        ("class A(metaclass=type):\n    x = 1\n", "a metaclass"),
        ("class A(dict):\n    x = 1\n", "is derived from dict"),
        ("class A:\n    x = [a for a in 'ab']\n", "ListComp runs when the module is imported"),
        ("class A:\n    def __init_subclass__(cls) -> None:\n        return\n", "is Python's own"),
        ("def f(a: str) -> str:\n    return a.__class__\n", "the name __class__ is Python's own"),
        ("def f(a: str) -> None:\n    a.system('x')\n", "calls the method system"),
        ("def f(a: str) -> None:\n    a('x')\n", "calls a"),
        ("def f(a: str) -> None:\n    f()('x')\n", "calls what is not a name"),
        ("f = lambda: 1\n", "Lambda is no syntax"),
        ("def f() -> None:\n    while True:\n        pass\n", "While is no syntax"),
        ("def f() -> None:\n    global x\n", "Global is no syntax"),
        ("def f(a: str) -> str:\n    return '{a.__class__}'.format(a=a)\n", "calls the method format"),
        ("def f(a: str) -> str:\n    return f'{a}'\n", "JoinedStr is no syntax"),
        ("def f(a: str) -> str:\n    return getattr(a, 'b')\n", "uses getattr, which it has from nowhere"),
        ("import datetime\n\ndef f() -> None:\n    datetime.sys.exit()\n", "reaches datetime.sys"),
        ("from .._runtime import parsing as _p\n\nx = _p.re\n", "reaches _p.re"),
        ("from .._runtime.lazy import importlib\n", "imports importlib from the runtime's lazy"),
        ("from .._runtime import engine\n", "imports engine from the runtime's ."),
        ("from ..client import Client as parcel\n", "imports Client from client under another name"),
        ("from ..client import Client as _m\n", "imports Client from client under another name"),
        ("def f(a: str, a: str) -> None:\n    return\n", "is no Python: duplicate argument"),
        ("def print() -> None:\n    return\n\nstr = 1\n", "gives another meaning to str"),
        ("def f(qwertz: str) -> None:\n    return\n", "neither of the templates nor of the document"),
        ("x = '\u202e'\n", "U+202E"),
        ("x = 'a\x00'\n", "U+0000"),
        ("\u0441 = 1\n", "is not of plain letters"),
        ("x = (\n", "is no Python"),
        # Here the name is that of a value of the document.
        (
            "class A:\n    TYPE_CHECKING = 1\n    if TYPE_CHECKING:\n        x = 1\n",
            "If runs when the module is imported",
        ),
        ("if True:\n    x = 1\n", "If runs when the module is imported"),
        ("for x in 'ab':\n    pass\n", "For runs when the module is imported"),
        ("a.b = 1\n", "assigns to what is no name"),
    ],
)
def test_what_they_do_not_write_is_refused(source: str, reason: str) -> None:
    """Each by its reason, with file and line, before anything takes its place."""
    assert any(reason in found for found in reasons(source)), reasons(source)


def test_a_file_must_be_a_plain_one(tmp_path: Path) -> None:
    """A link leads elsewhere, and a name can lead out of the folder or hide."""
    (tmp_path / "a b.py").write_text("")
    (tmp_path / "evil.pth").write_text("import os")
    (tmp_path / "link.py").symlink_to(__file__)

    assert {refusal.place for refusal in vet(tmp_path, {})} == {"a b.py", "evil.pth", "link.py"}


def test_what_is_copied_is_left_to_others(tmp_path: Path) -> None:
    """The runtime is not generated; it is compared with its source, byte for byte."""
    (tmp_path / "runtime.py").write_text("import os\n")

    assert vet(tmp_path, {}, exempt=("runtime.py",)) == []
    assert [refusal.place for refusal in vet(tmp_path, {})] == ["runtime.py:1", "runtime.py:1"]


def test_the_runtime_is_compared_with_its_source(tmp_path: Path) -> None:
    """A byte that is not that of scripts/runtime is noticed; the comment at the beginning is not one."""
    copied = copy_runtime(tmp_path)
    for name in copied:
        (tmp_path / name).write_bytes(b"# Generated.\n" + (tmp_path / name).read_bytes())
    assert altered(tmp_path, copied) == []

    (tmp_path / copied[0]).write_bytes((tmp_path / copied[0]).read_bytes() + b"\n")

    assert [refusal.place for refusal in altered(tmp_path, copied)] == [copied[0]]


def test_names_are_made_of_the_words_of_the_document() -> None:
    """However the generator cuts and joins them."""
    words = words_of({"operationId": "getParcelIDs", "tags": ["Nova-Post"]})

    assert reasons("get_parcel_i_ds = 1\nNovaPost2 = 2\n", words=" ".join(words)) == []
    long = words_of({f"Nova{'Long' * 60}Post": {"title": f"Parcel{'Long' * 60}ID"}})
    assert reasons("NovaPost = 1\nParcelID = 2\n", words=" ".join(long)) == []


@pytest.mark.parametrize(
    "names",
    [
        ("a" * 110, "b" * 110),
        ("Ducg" + "a" * 110, "b" * 110),
        (" _A" + "a" * 110, "b" * 110 + "- "),
        ("ab1" * 40, "x2y" * 40),
        ("ж" * 110, "щ" * 110),
        ("Parcel" + "a" * 190, "b" * 250),
        ("a" * 70, "b" * 71),
    ],
    ids=lambda names: f"{names[0][:5]}-{names[1][-4:]}",
)
def test_a_name_may_be_the_beginning_and_the_end_of_words_that_are_too_long(names: tuple[str, str]) -> None:
    """Of a class whose name no file could have, some of the letters are left."""
    document = {"components": {"schemas": {names[0]: {"properties": {names[1]: {"type": "object"}}}}}}
    name = class_name(shortened(" ".join(names)))

    assert len(name) < len(class_name("".join(names)))
    assert reasons(f"{name} = 1\n{module_of(name)} = 2\n", words=" ".join(words_of(document))) == []


def test_names_of_members_need_no_words_of_the_document() -> None:
    """A sign before a number becomes a word."""
    members = member_names(["-1", "+1.5"], None)

    assert reasons("".join(f"{name} = 1\n" for name in members), words=" ".join(words_of({}))) == []


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "open('/etc/passwd')",
        "open('../outside', 'w')",
        "import os; os.remove('../outside')",
        "import os; os.rename('inside', '../outside')",
        "import ctypes; ctypes.CDLL(None)",
        "bytearray(2 * 1024**3)",
        "open('inside', 'w').write('x' * 100_000_000)",
    ],
)
def test_the_child_cannot(act: str, tmp_path: Path) -> None:
    """What reads the document and generates from it has no way out, whatever the document makes it do."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "inside").write_text("x")
    (tmp_path / "outside").write_text("x")
    program = (
        f"from pathlib import Path\nfrom scripts.child.__main__ import confine\nconfine(Path.cwd())\n{act}\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert any(
        word in done.stderr.splitlines()[-1] for word in ("Forbidden: tried to", "MemoryError", "too large")
    )
    assert (tmp_path / "outside").read_text() == "x"
