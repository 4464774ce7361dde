"""How long contents stay: a package whose contents went keeps its rows, its evidence, and a mark that says so."""

from lienthong.delivery.ports import View
from lienthong.errors import ContentsArchived

MARK = "archived:"
"""Before a package's id: when its contents went, and under which digest the archive keeps its record."""


def require_contents(view: View, package_id: str) -> None:
    """Raises `ContentsArchived` for a package whose contents went by policy."""
    if told := view.mark(MARK + package_id):
        raise ContentsArchived(f"{package_id} {told}")
