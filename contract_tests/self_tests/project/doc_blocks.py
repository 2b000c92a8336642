"""The code blocks of a page, what the page says about each, and how they are run.

A comment before a fence says what the runner cannot see:

    <!-- not run: REASON -->     it is only read
    <!-- exit: 1 -->             what its last command ends with (0)
    <!-- read by: NAME -->       data, and the reader that has to take it

The blocks of a page are one story: what one has defined or started is there for the next.
"""

import contextlib
import io
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from scripts.lib.paths import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_SAID = re.compile(r"<!-- (not run|exit|read by): (.+?) -->")
_SECONDS = 60


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        page: the page, from the root of the repository.
        line: where its code begins, counted from 1.
        language: the first word of the fence.
        text: what is inside.
        said: the comment before it, by its first words.
        expected: the block of text that follows at once, which is what it prints; None if there is none.
    """

    page: str
    line: int
    language: str
    text: str
    said: dict[str, str]
    expected: str | None = None

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def runs(self) -> bool:
        return "not run" not in self.said

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command of a console block with the output that is shown below it."""
        found: list[tuple[str, str]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:].partition("  #")[0].rstrip(), ""))
            else:
                assert found, f"{self.place}: a console block begins with $"
                found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
        return found


@cache
def blocks(page: Path | str) -> tuple[Block, ...]:
    """Return the fenced blocks of a page, or of a text."""
    name = page.relative_to(ROOT).as_posix() if isinstance(page, Path) else "text"
    text = page.read_text(encoding="utf-8") if isinstance(page, Path) else page
    found: list[Block] = []
    said: dict[str, str] = {}
    after = False
    for token in MarkdownIt().parse(text):
        if token.type == "html_block":
            said = dict(_SAID.findall(token.content))
            after = False
        elif token.type == "fence":
            assert token.map is not None
            language = (token.info.split() or [""])[0]
            if language == "text" and after:
                last = found.pop()
                found.append(Block(last.page, last.line, last.language, last.text, last.said, token.content))
            else:
                found.append(Block(name, token.map[0] + 2, language, token.content, said))
            after, said = language == "python", {}
        elif token.type not in ("list_item_open", "list_item_close"):
            after, said = False, {}
    return tuple(found)


def fits(shown: str, printed: str) -> bool:
    """Whether an output is what a page shows; `...` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in shown.strip().split("..."))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def run_python(page: Sequence[Block]) -> None:
    """Run the Python of one page, from the first block to the last, in one namespace."""
    names: dict[str, object] = {"__name__": "page"}
    for block in page:
        printed = io.StringIO()
        # Empty lines before it, so that a traceback names the line of the page.
        code = compile("\n" * (block.line - 1) + block.text, ROOT / block.page, "exec")
        with contextlib.redirect_stdout(printed):
            exec(code, names)  # noqa: S102 - the pages are ours
        shown = block.expected or ""
        assert fits(shown, printed.getvalue()), f"{block.place} prints\n{printed.getvalue()}"


def run_console(page: Sequence[Block], folder: Path) -> None:
    """Run the commands of one page in one shell, in a folder that looks like the repository.

    The ports 8080 and so on of the page are free ones here. A command that ends in `&` is waited for
    until it has printed what the page shows, and ended with the page.
    """
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name not in ("reports", "dist"):
            (folder / path.name).symlink_to(path)
    ports: dict[str, str] = {}

    def here(text: str) -> str:
        return re.sub(r"\b808\d\b", lambda found: ports.setdefault(found[0], str(free_port())), text)

    steps = [
        (block, place, here(command), here(shown))
        for block in page
        for place, (command, shown) in enumerate(block.commands)
        if not command.startswith("pip install ")
    ]
    outputs = [folder / f".{number}.out" for number in range(len(steps))]
    script = "".join(
        _step(command, shown, output) for (_, _, command, shown), output in zip(steps, outputs, strict=True)
    )
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": search, "PYTHONUTF8": "1"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as shell:
        try:
            shell.wait(_SECONDS)
        finally:
            # The session is this shell's own: what it has started in the background ends with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    for (block, place, command, shown), output in zip(steps, outputs, strict=True):
        printed = output.read_text(encoding="utf-8") if output.exists() else "(it was never run)"
        assert fits(shown, printed), f"{block.place}: {command}\nprints\n{printed}"
        if not command.endswith("&"):
            last = place == len(block.commands) - 1
            expected = block.said.get("exit", "0") if last else "0"
            code = output.with_suffix(".rc")
            ended = code.read_text(encoding="utf-8").strip() if code.exists() else "the page"
            assert ended == expected, f"{block.place}: {command}\nends with {ended}"


def _step(command: str, shown: str, output: Path) -> str:
    where = shlex.quote(str(output))
    if command.endswith("&"):
        lines = max(1, len(shown.splitlines()))
        wait = f"for _ in $(seq 800); do [ $(wc -l <{where}) -ge {lines} ] && break; sleep 0.05; done"
        return f"{{ {command[:-1]}; }} >{where} 2>&1 &\n{wait}\n"
    ended = shlex.quote(str(output.with_suffix(".rc")))
    # `$?` of the page is the code of the command before, so it is put back after it was written down.
    return f"{{ {command}\n}} >{where} 2>&1\nended=$?; echo $ended >{ended}; (exit $ended)\n"


def free_port() -> int:
    """Return a port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def by_page(language: str) -> Iterator[tuple[str, list[Block]]]:
    """Yield the blocks of a language that are run, by page; pages without any are left out."""
    for page in PAGES:
        if chosen := [each for each in blocks(page) if each.language == language and each.runs]:
            yield page.relative_to(ROOT).as_posix(), chosen
