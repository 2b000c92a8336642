"""What clients say of themselves and of what they like: it changes the words of an answer at most.

Each value is tried, and none is drawn: a server looks for one of them, and not for most.
"""

_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"

# By header, the values that take JSON as it is, or packed as a client of Python takes it.
PREFERENCES: dict[str, tuple[str, ...]] = {
    "Accept": (
        "application/json",
        "application/*",
        "*/*;q=0.1",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/problem+json, application/json;q=0.5",
        "text/plain;q=0.9, application/json",
    ),
    "Accept-Encoding": (
        *("identity", "", "gzip", "gzip;q=0", "gzip;q=0, deflate;q=0.0, *;q=0, identity;q=1"),
        *("identity;q=1, *;q=0", "GZIP"),
    ),
    "Accept-Language": ("uk", "uk-UA,uk;q=0.9,en;q=0.8", "de-DE", "pl", "ar", "zh-Hant", "*", "xx"),
    "Accept-Charset": ("windows-1251", "iso-8859-1, *;q=0", "utf-16"),
    "User-Agent": (_BROWSER, _PHONE, "curl/8.5.0", "okhttp/4.12.0", "Googlebot/2.1", ""),
    "Origin": ("https://example.org", "null"),
    "Referer": ("https://example.org/integrations",),
    "Cache-Control": ("no-cache", "max-age=3600"),
    "Prefer": ("return=minimal", "handling=strict"),
    "Upgrade-Insecure-Requests": ("1",),
    "Sec-Fetch-Mode": ("cors", "navigate"),
    "DNT": ("1",),
    "Save-Data": ("on",),
    "X-Requested-With": ("XMLHttpRequest",),
    "TE": ("trailers",),
    "Max-Forwards": ("0",),
    "From": ("somebody@example.org",),
}
EACH = tuple((name, value) for name, values in PREFERENCES.items() for value in values)

# What any document may leave to a server is no more than these. A server may well refuse a page of another
# site, do as a client prefers (RFC 7240), and keep out robots and programs that do not say who they are.
_OF_EVERY_CLIENT = ("Accept-Encoding", "User-Agent", "DNT", "Sec-Fetch-Mode", "Save-Data")
_REFUSED = {("User-Agent", ""), ("User-Agent", "Googlebot/2.1")}
OF_ANY_API = tuple(each for each in EACH if each[0] in _OF_EVERY_CLIENT and each not in _REFUSED)
