"""The page that shows the API with Swagger UI, so that people can try it."""

import json

from novapost_mock.console.rendering import json_of, page
from novapost_mock.console.visit import Visit
from novapost_mock.messages import Reply


def show(visit: Visit) -> Reply:
    """GET reference: the viewer."""
    return _show(visit, "")


def show_with_token(visit: Visit) -> Reply:
    """POST reference: the viewer with a JWT. It comes in a form, so that no address contains it."""
    return _show(visit, visit.field("jwt"))


def document(visit: Visit) -> Reply:
    """GET document.json: the document that the mock serves, with the mock as its only server."""
    served = visit.mock.document
    server = {"url": served.base_path or "/", "description": "novapost-mock"}
    return json_of(json.dumps({**served.tree, "servers": [server]}))


def _show(visit: Visit, jwt: str) -> Reply:
    served = visit.mock.document
    operations = [f"{each.method} {served.base_path}{each.path}" for each in served.operations]
    return page(visit, "reference", operations=operations, jwt=jwt)
