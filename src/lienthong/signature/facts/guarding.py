"""Where anything a hostile file provokes turns into a fault in words."""

from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")
_LONGEST = 200


def fault_of(problem: BaseException) -> str:
    """One printable line; an exception's text may hold bytes of the file."""
    words = f"{type(problem).__name__}: {problem}"
    return "".join(letter if letter.isprintable() else "?" for letter in words[:_LONGEST])


def guarded(work: Callable[[], Value]) -> tuple[Value | None, str]:
    """The result, or None and why there is none. MemoryError too: the limits of the process make one of a bomb."""
    try:
        return work(), ""
    except Exception as problem:  # noqa: BLE001 - hostile files provoke anything; whatever it is means "cannot tell"
        return None, fault_of(problem)


def entry(dictionary: Any, key: str, default: Any = None) -> Any:
    """An entry of a PDF dictionary with its reference followed; pyHanko's own `get` does not follow."""
    return dictionary[key] if key in dictionary else default  # noqa: SIM401 - see above
