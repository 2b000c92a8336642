"""What a comparison yields: facts, in the terms of the API."""

from dataclasses import dataclass, field
from typing import Any

from scripts.drift.findings import Pointer


@dataclass(frozen=True)
class Fact:
    """One difference between the two documents.

    Attributes:
        kind: what differs, such as "parameter-removed"; "schema" for two schemas of one position.
        place: where, in words of the API.
        old: what the base has there, None if nothing.
        new: what the revision has there.
        base: where the base document has it, or the nearest that it has.
        revision: the same for the revision.
        reader: who reads the message that it is a part of: "server" or "client".
        more: what else the judge of this kind needs, by name.
    """

    kind: str
    place: str
    old: Any = None
    new: Any = None
    base: Pointer = ()
    revision: Pointer = ()
    reader: str = "server"
    more: dict[str, Any] = field(default_factory=dict)
