"""Tables inside a body: lines that begin with a bar, one a row, the head first (`| Tên | Số lượng |`).

A body stays text that people can write and correct; the page and a word processor show tables.
"""

from collections.abc import Sequence
from itertools import groupby

MOST_ROWS, MOST_COLUMNS = 300, 12
"""Of one table; a larger one belongs into an annex."""
_BAR, _WRITTEN = "|", "\\|"
_WIDEST, _NARROWEST = 40, 4


def is_row(text: str) -> bool:
    """Whether a line of a body is a row of a table."""
    return text.lstrip().startswith(_BAR)


def row_of(cells: Sequence[str]) -> str:
    """The line of these cells, which hold no line breaks."""
    return f"{_BAR} " + f" {_BAR} ".join(cell.replace(_BAR, _WRITTEN) for cell in cells) + f" {_BAR}"


def cells_of(row: str) -> list[str]:
    """The cells of such a line; of a line too long the first ones."""
    inner = row.strip().removeprefix(_BAR).replace(_WRITTEN, "\0")
    cells = [cell.strip().replace("\0", _BAR) for cell in inner.removesuffix(_BAR).split(_BAR)]
    return cells[:MOST_COLUMNS]


def grouped(texts: Sequence[str]) -> list[str | list[list[str]]]:
    """The lines of a body, rows that follow one another as one table of rows of equal length."""
    found: list[str | list[list[str]]] = []
    for rows, several in groupby(texts, is_row):
        lines = list(several)
        found += [_even([cells_of(line) for line in lines])] if rows else lines
    return found


def weights(rows: Sequence[Sequence[str]]) -> list[int]:
    """Columns share the width by their longest cell, within limits."""
    return [min(_WIDEST, max(_NARROWEST, *map(len, cells), 0)) for cells in zip(*rows, strict=True)]


def _even(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]
