"""Text as people of many systems type it: one Unicode form, and what counts as nothing."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
"""All combining marks Vietnamese has, and their neighbours; the rest of the world's are looked for one by one."""
_NOTHING = frozenset({"", "null"})  # producers write the word for a missing value (vn-rules §1.12, V13)


def nfc(text: str) -> str:
    """The text in Unicode NFC, without white space around it. Never parse or compare anything else."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def is_absent(text: str | None) -> bool:
    """Whether a value is missing: None, empty, only white space, or the word `null`."""
    return text is None or text.strip().lower() in _NOTHING


def folded(text: str) -> str:
    """For tolerant comparing only: no case, no marks, đ as d, single spaces."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = _MARKS.sub("", plain)
    if not bare.isascii():
        bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(bare.split())
