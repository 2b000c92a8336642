"""Whether secrets can be guessed from each other, from what their owner is called, or from the day.

Secrets are opaque, so a beginning or an end that all of them have may mean anything. The rest must differ as
chance makes it differ.
"""

import base64
import hashlib
import hmac
import itertools
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonprefix

# The variable part of a secret has at least so many characters: of hexadecimal digits, 64 bits.
LEAST_VARIABLE = 16
# Of some hundred random texts two agree in their first six hexadecimal digits at the most, but for chance.
_LONGEST_SHARED = 10
_DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256")
_SHORTEST_CUT = 12


@dataclass(frozen=True)
class Made:
    """A secret, and what was known when it was made.

    Attributes:
        secret: the secret.
        known: texts that others know or can guess, such as a phone and a date, the most telling first.
    """

    secret: str
    known: tuple[str, ...]


def guessable(made: Sequence[Made]) -> Iterator[str]:
    """Yield in words how secrets can be guessed, the secrets in the order in which they were made."""
    secrets = [each.secret for each in made]
    if len(set(secrets)) < len(secrets):
        yield "the same secret was made twice"
        return
    cores = _cores(secrets)
    if len(cores) > 1 and min(map(len, cores)) < LEAST_VARIABLE:
        yield f"only {min(map(len, cores))} characters differ from one secret to the next"
        return
    if _counts_up(cores):
        yield "the secrets count up"
    if (shared := _shared(cores)) > _LONGEST_SHARED:
        yield f"two secrets agree in {shared} characters where they begin to differ from others"
    for each in made:
        if told := _computed(each):
            yield f"a secret is computed: {told}"
            return


# With these, and with nothing, many tokens of many servers are signed (RFC 8725, section 3.5).
_WORDS = (
    *("", "secret", "Secret", "SECRET", "key", "jwt", "token", "test", "password", "changeme", "admin"),
    *(
        "your-256-bit-secret",
        "secretkey",
        "secret-key",
        "secret_key",
        "mysecret",
        "supersecret",
        "jwt_secret",
    ),
    *(
        "JWT_SECRET",
        "default",
        "dev",
        "development",
        "sandbox",
        "123456",
        "1234567890",
        "a",
        "null",
        "undefined",
    ),
)
_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def signed_with_a_word(token: str, known: Sequence[str] = ()) -> bool:
    """Return whether a JWT is signed with a word that anybody would try first, or with what is known."""
    signed, _, seal = token.rpartition(".")
    head = signed.partition(".")[0]
    try:
        named = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
        given = base64.urlsafe_b64decode(seal + "=" * (-len(seal) % 4))
    except ValueError:
        return False
    digest = _HASHES.get(str(named.get("alg"))) if isinstance(named, dict) else None
    if digest is None:
        return False
    return any(
        hmac.compare_digest(hmac.digest(word.encode(), signed.encode(), digest), given)
        for word in (*_WORDS, *known)
    )


def _cores(secrets: Sequence[str]) -> list[str]:
    """Return the secrets without the beginning and the end that all of them have."""
    begin = len(commonprefix(list(secrets)))
    end = len(commonprefix([secret[begin:][::-1] for secret in secrets]))
    return [secret[begin : len(secret) - end] for secret in secrets]


def _counts_up(cores: Sequence[str]) -> bool:
    """Tell whether they are numbers that grow, or fall, by small steps."""
    for base in (10, 16):
        try:
            numbers = [int(core, base) for core in cores]
        except ValueError:
            continue
        steps = [after - before for before, after in itertools.pairwise(numbers)]
        largest = max(map(abs, steps), default=0)
        whole = base ** max(map(len, cores))
        if len(steps) > 3 and (
            largest < whole >> 40 or all(s > 0 for s in steps) or all(s < 0 for s in steps)
        ):
            return len(steps) > 12 or largest < whole >> 40
    return False


def _shared(cores: Sequence[str]) -> int:
    """Return the longest beginning that two of them have in common."""
    ordered = sorted(cores)
    return max((len(commonprefix([a, b])) for a, b in itertools.pairwise(ordered)), default=0)


def _computed(made: Made) -> str:
    """Return the rule by which a secret follows from what is known, or ""."""
    secret = made.secret.lower()
    for rule, text in _texts(made.known):
        for name, value in _forms(text):
            cut = value[: max(_SHORTEST_CUT, min(len(secret), len(value)))].lower()
            if len(cut) >= _SHORTEST_CUT and (cut in secret or (secret in value.lower())):
                return f"{name} of {rule}"
    return ""


def _texts(known: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for count in (1, 2, 3):
        for parts in itertools.permutations(range(len(known)), count):
            for mark in ("", ":", "-", "|", "_", "/") if count > 1 else ("",):
                rule = "+".join(f"known text {number + 1}" for number in parts)
                yield rule, mark.join(known[number] for number in parts).encode()


def _forms(text: bytes) -> Iterable[tuple[str, str]]:
    yield "the text itself", text.decode("utf-8", "replace").ljust(_SHORTEST_CUT, "\0")
    yield "the text backwards", text.decode("utf-8", "replace")[::-1].ljust(_SHORTEST_CUT, "\0")
    yield "base64", base64.b64encode(text).decode().rstrip("=").ljust(_SHORTEST_CUT, "\0")
    yield "hexadecimal digits", text.hex().ljust(_SHORTEST_CUT, "\0")
    yield "CRC-32", f"{zlib.crc32(text):08x}".ljust(_SHORTEST_CUT, "\0")
    for name in _DIGESTS:
        digest = hashlib.new(name, text)
        yield name, digest.hexdigest()
        yield f"{name} in base64", base64.urlsafe_b64encode(digest.digest()).decode()
    for key in (b"", b"secret", b"key"):
        yield "HMAC with a weak key", hmac.digest(key, text, "sha256").hex()
