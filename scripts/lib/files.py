"""Writing so that a reader sees the old state or the new one and nothing between."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.lib.errors import Refusal

# What is written is readable by all, whatever the umask of the one who builds it says.
FILE_MODE = 0o644
FOLDER_MODE = 0o755
MAX_BYTES = 20 * 1024 * 1024


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write several files, or none of them.

    Each is first written whole beside its destination; only when all are there do they take their
    places. A file whose content would not change is left alone, so that its time stamp stays.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            if path.is_file() and path.read_bytes() == content:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            staged.append((Path(name), path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(FILE_MODE)
        for temporary, path in staged:
            temporary.replace(path)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def swap_folder(new: Path, destination: Path) -> None:
    """Put the folder `new` in the place of `destination`, which may exist or not.

    Both must be on one file system. If the second of the two renames fails, the first is undone.
    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    if not destination.exists():
        new.rename(destination)
        return
    # A fresh name that nobody has: mkdtemp makes the folder, the rename then replaces the empty one.
    aside = Path(tempfile.mkdtemp(prefix=f".{destination.name}.old.", dir=destination.parent))
    destination.rename(aside)
    try:
        new.rename(destination)
    except OSError:
        aside.rename(destination)
        raise
    shutil.rmtree(aside)


def read_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes.

    Raises:
        Refusal: there is no such file, it is not a regular one, or it is larger.
    """
    try:
        if not path.is_file():
            raise Refusal(str(path), "is not a file" if path.exists() else "no such file")
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except OSError as error:
        raise Refusal(str(path), error.strerror or "cannot be read") from error
    if len(content) > limit:
        raise Refusal(str(path), f"larger than {limit} bytes")
    return content
