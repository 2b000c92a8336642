"""What content of a media type is to the client."""

_FORMS = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
# RFC 9110, section 12.5.1, and what some frameworks write for all that ends in +json.
RANGES = ("*/*", "application/*", "application/*+json", "text/*")


def kind(media_type: str) -> str:
    """One of json, form, multipart and text; anything else is bytes, which is a file to the caller."""
    bare = media_type.partition(";")[0].strip().lower()
    if bare in ("application/json", "text/json") or bare.endswith("+json"):
        return "json"
    return _FORMS.get(bare, "text" if bare.startswith("text/") else "bytes")
