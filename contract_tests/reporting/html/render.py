"""Summary to page: the template is told what to show, and nothing of what it shows is taken for markup."""

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from contract_tests.reporting import labels
from contract_tests.reporting.html import charts
from contract_tests.reporting.html.sections import Part, beside
from contract_tests.reporting.report import Report, replace_text

_HERE = Path(__file__).parent


def page(tree: Report, parts: Iterable[Part] = ()) -> str:
    """Return the page of a summary, one HTML document that asks for nothing else.

    Args:
        tree: the summary.
        parts: what else to show.
    """
    style = (_HERE / "report.css").read_text("utf-8")
    script = (_HERE / "report.js").read_text("utf-8")
    return (
        _templates()
        .get_template("report.html.jinja")
        .render(
            tree=tree,
            parts=list(parts),
            words=labels,
            charts=charts,
            style=Markup(style),  # noqa: S704 (our own file)
            script=Markup(script),  # noqa: S704 (our own file)
            policy=(
                f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
                "base-uri 'none'; form-action 'none'"
            ),
        )
    )


def _digest(text: str) -> str:
    """Return the source of a style or a script for a policy: the browser takes nothing but this very text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    templates.filters["breakable"] = _breakable
    templates.filters["n"] = lambda number: f"{number:,}"
    templates.filters["json"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)
    return templates


def _shown(value: object) -> object:
    """Escape the value of an expression of the template; only our own markup stays as it is."""
    return value if isinstance(value, Markup) else labels.plain(value)


def _breakable(text: str) -> Markup:
    """Return a path that may end its line after each slash, and nowhere within a name."""
    return Markup("/<wbr>").join(Markup.escape(each) for each in labels.plain(text).split("/"))


def write(tree: Report, path: Path) -> None:
    """Write the page of a summary, with the parts that lie beside it.

    Raises:
        OSError: it cannot be written.
    """
    replace_text(path, page(tree, beside(path.parent)))
