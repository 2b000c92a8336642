"""Record what the published pages say beside their OpenAPI block.

    python -m scripts.drift.pages.record uk=PAGE en=PAGE

writes `openapi/pages.toml`; see `scripts.drift.pages.pages`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.document import docs_page
from scripts.document.parse import parse_json
from scripts.drift.pages.pages import Page, facts_of, field_names, written
from scripts.lib.errors import Refusal, run, say
from scripts.lib.files import read_file, write_together
from scripts.lib.paths import PAGES, UPSTREAM


def main(arguments: Sequence[str] | None = None, into: Path = PAGES) -> int:
    """Run the verb; return 0, or 2 if a page cannot be read."""
    return run(lambda: _main(sys.argv[1:] if arguments is None else arguments, into))


def _main(arguments: Sequence[str], into: Path) -> int:
    if not arguments or not all("=" in one for one in arguments):
        raise Refusal("arguments", "give each page as LANGUAGE=FILE, such as uk=page.md")
    named = dict(one.split("=", 1) for one in arguments)
    pages = [recorded(language, Path(source)) for language, source in named.items()]
    write_together({into: written(pages)})
    for one in pages:
        say(f"{into.name}: {one.language}, {len(one.sentences)} sentences, {len(one.examples)} examples")
    return 0


def recorded(language: str, source: Path) -> Page:
    """Return what there is to record of the page in a file."""
    content = read_file(source, docs_page.MAX_BYTES)
    text = docs_page.text(content, str(source))
    blocks = docs_page.blocks(content, str(source))
    document: dict[str, Any] = docs_page.document(blocks, str(source)).value if blocks else {}
    vendored = parse_json(read_file(UPSTREAM), str(UPSTREAM))
    names = field_names(vendored if isinstance(vendored, dict) else {})
    return facts_of(text, language, document, names)


if __name__ == "__main__":
    sys.exit(main())
