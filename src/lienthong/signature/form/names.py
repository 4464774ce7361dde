"""Names as people compare them: NFC, letter case and spaces do not matter; accents do, and are told apart."""

import unicodedata

_FOLDED = str.maketrans({"đ": "d", "Đ": "D"})


def plain(name: str) -> str:
    """The name as it is compared."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def bare(name: str) -> str:
    """The same without accents."""
    parts = unicodedata.normalize("NFD", plain(name).translate(_FOLDED))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def same(one: str, other: str) -> bool:
    """Whether two names are the same name."""
    return plain(one) == plain(other)


def nearly(one: str, other: str) -> bool:
    """Whether two names differ in nothing but accents."""
    return bare(one) == bare(other)
