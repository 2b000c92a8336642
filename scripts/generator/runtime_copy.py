"""What a generated package has that no template writes: the whole runtime, and the address of the page."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from scripts.lib.errors import Refusal
from scripts.lib.paths import PROVENANCE, RUNTIME
from scripts.runtime import errors

FOLDER = "_runtime"


def copy_runtime(package: Path) -> list[str]:
    """Copy the modules of scripts/runtime into the package, as they are; gives their relative paths."""
    folder = package / FOLDER
    folder.mkdir()
    modules = sorted(RUNTIME.glob("*.py"))
    for module in modules:
        (folder / module.name).write_bytes(module.read_bytes())
    return [f"{FOLDER}/{module.name}" for module in modules]


def altered(package: Path, copied: Iterable[str]) -> list[Refusal]:
    """Return the copied modules that differ from their source below the comment at the top."""
    return [
        Refusal(name, f"is not what stands in scripts/runtime/{Path(name).name}")
        for name in copied
        if _below_comment((package / name).read_bytes()) != (RUNTIME / Path(name).name).read_bytes()
    ]


def _below_comment(content: bytes) -> bytes:
    while content.startswith(b"#"):
        content = content.partition(b"\n")[2]
    return content


def error_names() -> list[str]:
    """Return the names of all errors that a package offers."""
    return sorted(
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.ClientError)
    )


def page_address(provenance: Path = PROVENANCE) -> str:
    """Return the address of the page that the vendored document comes from; "" where nobody wrote it down."""
    if not provenance.is_file():
        return ""
    address = tomllib.loads(provenance.read_text(encoding="utf-8")).get("address", "")
    return address if isinstance(address, str) else ""
