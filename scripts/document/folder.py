"""Read the files of a document: those in its own folder and nothing else."""

from pathlib import Path

from scripts.lib.errors import Refusal
from scripts.lib.files import MAX_BYTES, read_file


def read_inside(folder: Path, name: str, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a file in a folder or below it.

    Args:
        folder: the folder of the document.
        name: the file, relative to the folder, as `bundle.files_of` gives it.
        limit: the most bytes to take.

    Raises:
        Refusal: there is no such file, it is too large, or a symbolic link leads out of the folder.
    """
    home = folder.resolve()
    try:
        # What is read is what was looked at: the path without any link in it.
        path = (home / name).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links; a name with a zero byte
        raise Refusal(name, f"cannot be read: {error}") from error
    if not path.is_relative_to(home):
        raise Refusal(name, "leads out of the folder of the document, and nothing there is read")
    if not path.is_file():
        reason = "is not a file" if path.exists() else "no such file in the folder of the document"
        raise Refusal(name, f"{reason}; add it, or correct the reference")
    try:
        return read_file(path, limit)
    except Refusal as refusal:
        raise Refusal(name, refusal.reason) from refusal
