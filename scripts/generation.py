"""What the child process does: examine the document and let the generator write the package.

The generator is used as a library. Its command reads the document anew, guesses its type from what the
machine says about file names, and prints what it cannot do as text.
"""

import contextlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError

from scripts.documents import parse_json
from scripts.plain import plain
from scripts.preflight import examine
from scripts.preflight.bodies import binary_types
from scripts.preflight.naming import LONGEST, OWN_CLASSES
from scripts.preflight.tree import Tree, escape
from scripts.refusal import Refusal


def generate_here(job: dict[str, Any]) -> dict[str, Any]:
    """Write the package of `document.json` to `package`, both in the working folder.

    The job names the document's `place`, the `settings` of the generator and the folder of `templates` that
    take precedence over the generator's own, or None.

    Returns:
        The `refusals`, as pairs of place and reason; if there are any, the package is of no use.
    """
    document = parse_json(Path("document.json").read_bytes(), job["place"])
    if not isinstance(document, dict):
        return _report([Refusal(job["place"], "is not an object")])
    document = plain(document)
    if found := examine(document):
        return _report(found)
    config = _config(job["settings"], binary_types(Tree(document)))
    try:
        data = GeneratorData.from_dict(document, config=config)
        if isinstance(data, GeneratorError):
            return _report(_complaints([data], job["place"]))
        found = [*_complaints([*_operation_errors(data), *data.errors], job["place"]), *_collisions(data)]
        if found:
            return _report(found)
        templates = None if job["templates"] is None else Path(job["templates"])
        project = Project(openapi=data, config=config, custom_template_path=templates)
        with contextlib.redirect_stdout(io.StringIO()):
            errors = project.build()
    except MemoryError:
        raise
    except Exception as error:  # the generator's own faults are of any kind
        return _report([Refusal(job["place"], f"the generator fails on it: {type(error).__name__}: {error}")])
    return _report(_complaints(errors, job["place"]))


def _report(refusals: Iterable[Refusal]) -> dict[str, Any]:
    return {"refusals": [(refusal.place, refusal.reason) for refusal in refusals]}


def _config(settings: dict[str, Any], binary: Sequence[str]) -> Config:
    file = ConfigFile(**settings)
    overrides = dict.fromkeys(binary, "application/octet-stream") | (file.content_type_overrides or {})
    return Config.from_sources(
        config_file=file.model_copy(update={"content_type_overrides": overrides, "post_hooks": []}),
        meta_type=MetaType.NONE,
        document_source=Path("document.json"),
        file_encoding="utf-8",
        overwrite=False,
        output_path=Path("package").absolute(),
    )


def _operation_errors(data: GeneratorData) -> Iterator[GeneratorError]:
    for collection in data.endpoint_collections_by_tag.values():
        yield from collection.parse_errors


def _complaints(errors: Iterable[GeneratorError], place: str) -> list[Refusal]:
    # Under `header` the generator names the operation or the schema, if it knows.
    texts = (" ".join(f"{error.header} {error.detail or ''}".split()) for error in errors)
    return [Refusal(place, f"the generator leaves something out: {text}") for text in dict.fromkeys(texts)]


def _collisions(data: GeneratorData) -> Iterator[Refusal]:
    """What would be written to one file twice: by the names that the generator itself has given.

    The preflight knows the names in the document; those of schemas within schemas are the generator's.
    """
    modules: set[tuple[str, str]] = set()
    for tag, collection in data.endpoint_collections_by_tag.items():
        for endpoint in collection.endpoints:
            place = f"#/paths/{escape(endpoint.path.get_untrusted_value())}/{endpoint.method}"
            if (tag, endpoint.name) in modules or endpoint.name == "__init__":
                yield Refusal(place, f"becomes the module {endpoint.name!r} of {tag!r}, which is taken")
            modules.add((tag, endpoint.name))
    classes: dict[str, str] = {}
    for model in (*data.models, *data.enums):
        name, module = str(model.class_info.name), str(model.class_info.module_name)
        if module in classes or module == "__init__":
            yield Refusal(
                f"class {name}", f"becomes the module {module!r}, as {classes.get(module, 'another')} does"
            )
        elif name in OWN_CLASSES:
            yield Refusal(
                f"class {name}", "would take the place of one that the client needs; give it a title"
            )
        elif not name.isascii() or len(module) > LONGEST:
            yield Refusal(f"class {name}", "is not of at most 100 plain letters and digits; give it a title")
        classes.setdefault(module, name)
