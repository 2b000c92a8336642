"""How the generator turns the document's names into Python's, by its own functions."""

import re
import unicodedata
from collections.abc import Iterable

from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

from scripts.document.transliteration import mixed_alphabets, plain_letters, spelled

# The prefix of what could not be a name otherwise; `field_prefix` of the generator.
PREFIX = "field_"
# A class or module name of an object within an object within … grows with each; file systems end at 255.
LONGEST = 180


def identifier(name: str, prefix: str = PREFIX) -> str:
    """Return the module, function, parameter or attribute that a name becomes."""
    return str(PythonIdentifier(spelled(name), prefix))


def class_name(name: str) -> str:
    """Return the class that a name becomes."""
    return str(ClassName(spelled(name), PREFIX))


def module_of(class_: str) -> str:
    """Return the module that holds a class."""
    return str(PythonIdentifier(class_, PREFIX))


def operation_name(operation_id: object, method: str, path: str) -> str:
    """Return the module that an operation becomes."""
    if isinstance(operation_id, str):
        return identifier(operation_id)
    return str(generate_operation_id(path=UntrustedString(path), method=method, prefix=PREFIX))


def generator_members(values: Iterable[str | int], names: object) -> list[str]:
    """Return the members that the generator itself makes of the values of an enum, in order.

    Args:
        values: the values, null left out.
        names: what the document says under x-enum-varnames.
    """
    listed = list(values)
    own = names if isinstance(names, list) and len(names) == len(listed) else None
    found = []
    for i, value in enumerate(listed):
        if own is not None:
            found.append(snake_case(str(own[i])).upper())
        elif isinstance(value, int):
            found.append(f"VALUE_{value}" if value >= 0 else f"VALUE_NEGATIVE_{-value}")
        else:
            key = value.upper() if value[:1].isalpha() else f"VALUE_{i}"
            found.append(snake_case(key).upper())
    return found


def member_names(values: Iterable[str | int], names: object) -> list[str]:
    """Return the members that the values of an enum become, in order.

    The name of a member comes from its value alone and not from its position, so that a value which is put
    in front leaves the names of the others as they are: `10x20` is VALUE_10X20, `+` is PLUS.
    """
    listed = list(values)
    found = generator_members(listed, names)
    if isinstance(names, list) and len(names) == len(listed):
        return found
    for i, value in enumerate(listed):
        if not isinstance(value, str):
            continue
        plain = plain_letters(value)
        if plain[:1].isalpha():
            found[i] = snake_case(plain.upper()).upper()
        else:
            named = any(c.isascii() and c.isalnum() for c in plain)
            key = f"VALUE_{_joined(signed(plain))}" if named else spelled(plain)
            found[i] = snake_case(key.upper()).upper()
    return found


def _joined(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", text)


def signed(text: str) -> str:
    """Return a text with a sign before it said in words, which alone tells -1 from 1."""
    return f"MINUS_{text[1:]}" if text[:1] == "-" and text[1:2].isdigit() else text


def fault(name: str, python: str, *, travels: bool = False) -> str | None:
    """Why a name of the document cannot be had in Python as it is meant, or None if it can.

    A name that `travels` is what servers have it to be, so it may do without letters; any other is made for
    people and has some.
    """
    if wire := alteration(name):
        return wire
    if mixed := mixed_alphabets(name):
        return f"the name {name!r} has the letter {mixed} among those of another alphabet"
    if not travels and not any(c.isalnum() for c in name):
        return f"the name {name!r} has no letter or digit to make a Python name of"
    if not python.isascii():
        strange = next(c for c in python if not c.isascii())
        letter = unicodedata.name(strange, f"U+{ord(strange):04X}")
        return f"the name {name!r} would become a Python name with the letter {strange!r} ({letter})"
    if len(python) > LONGEST:
        return f"the name {name[:40]!r}… is longer than {LONGEST} characters"
    return None


def alteration(text: str) -> str | None:
    """Return what the generator would take out of a text that goes over the wire, or None if nothing."""
    for character in text:
        category = unicodedata.category(character)
        if category[0] == "C" or category in ("Zl", "Zp"):
            return f"the text {text!r} holds U+{ord(character):04X}, which the generator leaves out"
    return None
