"""Facts as JSON and back: DER as base64, moments in ISO 8601, with the version of the form."""

import msgspec

from lienthong.errors import InvalidValue
from lienthong.signature.facts.model import FACTS_VERSION, Facts


def encode(facts: Facts) -> bytes:
    """UTF-8 JSON; the same facts always give the same bytes."""
    return msgspec.json.encode(facts, order="deterministic")


def decode(data: bytes) -> Facts:
    """Raises InvalidValue for anything but facts of a version known here."""
    try:
        facts = msgspec.json.decode(data, type=Facts)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise InvalidValue(f"these are no facts of a document: {problem}") from problem
    if facts.version != FACTS_VERSION:
        raise InvalidValue(f"facts of version {facts.version} are not known here")
    return facts
