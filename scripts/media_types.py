"""What content of a media type is to the client."""

_FORMS = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}


def kind(media_type: str) -> str:
    """One of json, form, multipart and text; anything else is bytes, which is a file to the caller."""
    bare = media_type.partition(";")[0].strip().lower()
    if bare == "application/json" or bare.endswith("+json"):
        return "json"
    return _FORMS.get(bare, "text" if bare.startswith("text/") else "bytes")
