"""A desk for offices without a gateway: it is always away, which takes nothing from their own lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from apps.config import Agency
from lienthong.errors import Unavailable


class Away:
    """Every call is answered as by a gateway that cannot be reached."""

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        """Any method of a desk."""

        def call(*_args: object, **_named: object) -> NoReturn:
            raise Unavailable(name)

        return call


def desk_for(_agency: Agency) -> Away:
    """As `[site] desk` names it."""
    return Away()
