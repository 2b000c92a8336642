"""The body of a request as words of a shell (sh, bash, zsh), so that a printed command can be pasted."""

import re
import shlex

# What a shell takes within single quotes and shows as it is.
_PLAIN = re.compile(r"[\n -~]*")
# One byte, so many times that a command says it in words.
_RUN = re.compile(rb"(.)\1{999,}", re.DOTALL)
_LONGEST = 4000
# Not --data: that would read a file if the text began with an @.
GIVEN = ["--data-raw"]
PIPED = ["--data-binary", "@-"]


def body(content: bytes) -> tuple[list[str], str, str]:
    """Return the option of curl, the word or the command that writes the body, and a remark for the end.

    A word of a shell cannot hold a NUL, nor a line end that all shells read alike; what holds one is written
    by printf into a pipe. The remark is empty unless the body is too long to be shown.
    """
    if len(content) <= _LONGEST and (text := _readable(content)) is not None:
        return GIVEN, shlex.quote(text), ""
    if len(content) <= _LONGEST:
        return PIPED, _printf(content), ""
    if (run := max(_RUN.finditer(content), key=lambda each: len(each[0]), default=None)) is not None:
        before, after = content[: run.start()], content[run.end() :]
        if len(before) + len(after) <= _LONGEST:
            many = f"head -c {len(run[0])} /dev/zero | tr '\\000' '\\{run[1][0]:03o}'"
            steps = [_printf(before)] * bool(before) + [many] + [_printf(after)] * bool(after)
            return PIPED, f"{{ {'; '.join(steps)}; }}", ""
    rest = len(content) - _LONGEST
    return PIPED, _printf(content[:_LONGEST]), f" # without the last {rest} bytes of the body"


def _readable(content: bytes) -> str | None:
    """Return the text if all its characters are visible."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if _PLAIN.fullmatch(text) or text.isprintable() else None


def _printf(content: bytes) -> str:
    # Octal, which printf knows everywhere; a backslash and a percent sign mean something to it.
    shown = "".join(chr(b) if 32 <= b < 127 and b not in b"\\'%" else f"\\{b:03o}" for b in content)
    # A text that begins with a hyphen would be an option.
    return f"printf -- '{shown}'" if shown.startswith("-") else f"printf '{shown}'"
