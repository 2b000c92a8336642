"""Pages of somebody else: one with a document, one that is rendered; and edits of them with their truth."""

from contract_tests.self_tests.drift.pages.page_edits import BROKEN, READ, SILENT, TOLD, PageEdit

DOCUMENTED = """\
# Acme API

Intro text.

## Authentication

Send your token in the header. Tokens expire after 30 days.

### Errors

We answer with problem details.

```json
{"openapi": "3.0.3", "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {
"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": {
"n": {"type": "integer"}}}}}}}}}}}
```

## Support

Write to us.
"""

RENDERED = """\
Acme docs

List orders

GET /orders

Returns the orders of the account.

Query parameters
pageinteger · min: 1 · max: 100OptionalExample: 2
statestring · enumOptionalPossible values: new, paid, sent

Responses
200
The orders

application/json
totalintegerRequired
itemsobject[]Required

404
No such account

Get an order

get
/orders/{id}

Path parameters
idstring · uuidRequired

Responses
200
The order

application/json
idstring · uuidRequired
pricenumberRequired

Support

Write to us.
"""


def _documented(
    name: str, old: str, new: str, levels: frozenset[str], *mentions: str, most: int = 1
) -> PageEdit:
    assert old in DOCUMENTED, old
    return PageEdit(f"documented-{name}", DOCUMENTED, DOCUMENTED.replace(old, new), levels, mentions, most)


def _rendered(
    name: str, old: str, new: str, levels: frozenset[str], *mentions: str, most: int = 2
) -> PageEdit:
    assert old in RENDERED, old
    return PageEdit(f"rendered-{name}", RENDERED, RENDERED.replace(old, new), levels, mentions, most)


NESTED = """\
Docs

Make a parcel

POST /parcels

Makes a parcel.

Body
application/json
senderobjectRequired
sender.namestring · max: 50Required
sender.phonestringRequired
itemsobject[]Required
items[].weightnumberRequired
items[].kindstring · enumOptionalPossible values: box, bag
placeobjectOptional
  streetstringRequired
  geoobjectOptional
    latnumberRequired

Responses
200
Done

application/json
recipientobjectRequired
namestringRequired
streetstringOptional
payerobjectRequired
namestringRequired
streetstringRequired
"""


def _nested(name: str, old: str, new: str, levels: frozenset[str], *mentions: str) -> PageEdit:
    assert old in NESTED, old
    return PageEdit(f"nested-{name}", NESTED, NESTED.replace(old, new, 1), levels, mentions, 2)


_SECOND = RENDERED[RENDERED.index("Get an order") : RENDERED.index("Support")]
_MILD = frozenset({"compatible", "docs"})

EDITS = (
    _documented("identical", "Acme", "Acme", frozenset({"none"})),
    _documented("byte-order-mark", "# Acme", "\ufeff# Acme", frozenset({"none"})),
    _documented("other-number", "30 days", "7 days", READ, "7 days"),
    _documented("among-rules", "after 30 days.", "after 30 days. Blue is nice.", READ, "Blue"),
    _documented("elsewhere", "Write to us.", "Write to us or call.", frozenset({"docs"}), "call", most=0),
    _documented("letter-case", "Intro", "INTRO", frozenset({"docs"}), "letter case", most=0),
    _documented("heading-deeper", "### Errors", "#### Errors", TOLD, "Errors"),
    _documented("section-gone", "## Support\n\nWrite to us.\n", "", frozenset({"docs"}), "Support", most=0),
    _documented("comment", "Intro text.", "Intro text.\n\n<!-- to do -->", SILENT, most=0),
    PageEdit(
        "documented-heading-and-type",
        DOCUMENTED,
        DOCUMENTED.replace("### Errors", "## More\n\n### Errors").replace('"integer"', '"string"'),
        BROKEN,
        ("response-type", "More"),
    ),
    _nested("limit-behind-a-dot", "max: 50", "max: 20", BROKEN, "/sender/name"),
    _nested(
        "new-behind-a-dot", "phonestringRequired", "phonestringRequired\nsender.taxstringRequired", BROKEN
    ),
    _nested("type-in-a-list", "weightnumber", "weightstring", BROKEN, "/items/*/weight"),
    _nested("value-in-a-list", "box, bag", "box", BROKEN, "/items/*/kind"),
    _nested("indented", "streetstringRequired", "streetintegerRequired", BROKEN, "/place/street"),
    _nested("indented-twice", "latnumber", "latstring", BROKEN, "/place/geo/lat"),
    _nested(
        "first-of-a-name", "namestringRequired\nstreetstringO", "nameintegerRequired\nstreetstringO", BROKEN
    ),
    _nested(
        "second-of-a-name", "payerobjectRequired\nname", "payerobjectRequired\nNAME", BROKEN, "/payer/name"
    ),
    _nested("first-is-optional", "namestringRequired\nstreet", "namestringOptional\nstreet", BROKEN),
    _nested(
        "first-goes", "recipientobjectRequired\nnamestringRequired\n", "recipientobjectRequired\n", BROKEN
    ),
    _rendered("identical", "Acme", "Acme", frozenset({"none"})),
    _rendered("maximum", "max: 100", "max: 50", BROKEN, "page", "51"),
    _rendered("value-gone", "new, paid, sent", "new, paid", BROKEN, "sent"),
    _rendered("parameter-required", "max: 100Optional", "max: 100Required", BROKEN, "page"),
    _rendered("operation-gone", _SECOND, "", BROKEN, "GET /orders/{id}"),
    _rendered("error-gone", "404\nNo such account\n", "", _MILD, "404", most=0),
    _rendered(
        "rule-in-the-description", "the account.", "the account, at most 10 a minute.", READ, "10 a minute"
    ),
    _rendered("items", "itemsobject[]", "itemsstring[]", BROKEN, "items"),
    _rendered(
        "format-of-a-parameter", "parameters\nidstring · uuid", "parameters\nidstring", _MILD, "id", most=0
    ),
)
