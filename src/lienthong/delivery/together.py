"""What waits for the network or the disk waits together: groups bounded in number and bytes, in their order."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
MANY = 16
BYTES = 32 * 2**20
"""A group holds whole packages in memory; one larger than this goes alone."""


def groups(
    items: Iterable[T], size: Callable[[T], int], alone: Callable[[T], bool], most: int = BYTES, many: int = MANY
) -> Iterator[list[T]]:
    """The items in order, in groups of `many` and `most` bytes; one to be `alone` comes after all before it."""
    group: list[T] = []
    held = 0
    for item in items:
        if group and (alone(item) or alone(group[-1]) or len(group) == many or held + size(item) > most):
            yield group
            group, held = [], 0
        group.append(item)
        held += size(item)
    if group:
        yield group
