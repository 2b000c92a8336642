"""The security of an operation, as a document declares it."""

from collections.abc import Mapping
from typing import Any

from novapost_mock.document.found import Found
from novapost_mock.responses.security import Scheme, Security, scheme_of
from novapost_mock.schemas.notes import Notes
from novapost_mock.schemas.pointers import listing, mapping, resolved, shown


def security_of(found: Found, document: Mapping[str, Any], notes: Notes) -> Security:
    """Return the security of an operation.

    Raises:
        DocumentError: a scheme refers to nothing.
    """
    tree, place = found.tree, found.place
    wanted = tree.get("security", document.get("security", []))
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    alternatives: list[list[Scheme]] = []
    for requirement in listing(wanted):
        schemes_of_one = []
        for name in mapping(requirement):
            if name not in schemes:
                notes.add(f"{place}/security", f"the security scheme {shown(name, 60)} is not declared")
                continue
            scheme = scheme_of(
                name, resolved(document, schemes[name], f"#/components/securitySchemes/{name}")
            )
            if scheme is None:
                notes.add(f"#/components/securitySchemes/{shown(name, 60)}", "cannot be seen in a request")
                continue
            schemes_of_one.append(scheme)
        alternatives.append(schemes_of_one)
    if not alternatives and _names_authorization(found, document):
        # OpenAPI gives such a parameter no meaning; whoever writes it means that credentials are needed.
        notes.add(f"{place}/parameters", "a required Authorization is taken for security")
        alternatives = [[Scheme("Authorization", "key", "header", "Authorization")]]
    return Security(alternatives)


def _names_authorization(found: Found, document: Mapping[str, Any]) -> bool:
    listed = (*listing(found.item.get("parameters")), *listing(found.tree.get("parameters")))
    return any(
        each.get("in") == "header"
        and str(each.get("name")).lower() == "authorization"
        and each.get("required") is True
        for each in (resolved(document, raw, found.place) for raw in listed)
    )
