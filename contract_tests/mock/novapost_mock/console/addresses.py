"""Addresses of the console below control's prefix."""

from collections.abc import Sequence

from novapost_mock.control.routes import PREFIX

FOLDER = "console"
"""The segment below control's prefix under which all pages but the first lie."""

HOME = f"/{PREFIX}/"
ROOT = f"/{PREFIX}/{FOLDER}/"


def is_console(segments: Sequence[str]) -> bool:
    """Tell whether a path belongs to the console, by its decoded segments below control's prefix."""
    return not segments or segments == ("",) or segments[0] == FOLDER
