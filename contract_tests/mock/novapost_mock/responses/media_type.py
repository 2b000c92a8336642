"""Media types: which one is meant, which one is wanted, how a value is written in it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

BOUNDARY = "novapost-mock-part"


class MediaType(NamedTuple):
    """A media type or range, in lower case and without parameters."""

    main: str
    sub: str

    def covers(self, other: "MediaType") -> bool:
        """Tell whether a range, or a type itself, takes another type in."""
        return (self.main in ("*", other.main)) and (self.sub in ("*", other.sub) or self._suffix(other))

    def _suffix(self, other: "MediaType") -> bool:
        return self.sub.startswith("*+") and other.sub.endswith(self.sub[1:])

    @property
    def is_json(self) -> bool:
        """Tell whether what it names is one JSON text."""
        return self.sub == "json" or self.sub.endswith("+json")

    @property
    def is_xml(self) -> bool:
        """Tell whether what it names is XML."""
        return self.sub == "xml" or self.sub.endswith("+xml")

    @property
    def is_page(self) -> bool:
        """Tell whether a browser shows it as a page that may run scripts: HTML, and XML of any kind."""
        return self.is_xml or (self.main, self.sub) in (("text", "html"), ("text", "xsl"))

    @property
    def is_lines(self) -> bool:
        """Tell whether what it names is JSON, a value a line."""
        return self.sub in ("x-ndjson", "jsonl", "x-jsonlines", "json-seq", "ndjson", "stream+json")

    @property
    def is_text(self) -> bool:
        """Tell whether what it names is text that a schema of type string describes."""
        return self.main == "text" and not self.is_json and not self.is_xml

    @property
    def is_range(self) -> bool:
        """Tell whether it stands for several types."""
        return "*" in (self.main, self.sub)

    def __str__(self) -> str:
        return f"{self.main}/{self.sub}"


# What people write in a document for a media type.
_SHORT = {"json": "application/json", "xml": "application/xml", "text": "text/plain", "html": "text/html"}


def parse(text: str) -> MediaType | None:
    """Read `type/subtype`, whatever parameters follow; None if it is nothing of the kind."""
    main, slash, sub = text.partition(";")[0].strip().lower().partition("/")
    if not slash or not main or not sub or any(not c.isprintable() or c in ' ,"' for c in main + sub):
        return None
    return MediaType(main, sub)


def parse_written(text: str) -> MediaType | None:
    """Read a media type of a document, which may be a short name such as `json`; a request has none."""
    bare = text.partition(";")[0].strip().lower()
    return parse(_SHORT.get(bare, bare))


def concrete(media: MediaType) -> MediaType:
    """Return a type that a range takes in: what is sent where the document names only a range."""
    if not media.is_range:
        return media
    sub = {"image": "png", "text": "plain", "audio": "mpeg", "video": "mp4", "application": "json"}
    return (
        MediaType("application", "json")
        if media.main == "*"
        else MediaType(media.main, sub.get(media.main, "octet-stream"))
    )


def preferred(accept: Iterable[str], offered: Sequence[MediaType]) -> int | None:
    """Choose among the types offered by the values of Accept (RFC 9110, 12.5.1).

    Returns:
        The place of the best one, the first of several equally good; None if none is acceptable. A header
        that names no range counts as none at all.
    """
    ranges = [read for value in accept for part in value.split(",") if (read := _weighed(part)) is not None]
    if not ranges:
        return 0
    best, chosen = 0.0, None
    for place, media in enumerate(offered):
        specific = [(_precision(r), q) for r, q in ranges if r.covers(media) or media.covers(r)]
        quality = max(specific)[1] if specific else 0.0
        if quality > best:
            best, chosen = quality, place
    return chosen


def _weighed(part: str) -> tuple[MediaType, float] | None:
    media = parse(part)
    if media is None:
        return None
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return media, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return media, 1.0
    return media, 1.0


def _precision(media: MediaType) -> int:
    return (media.main != "*") + (media.sub != "*")
