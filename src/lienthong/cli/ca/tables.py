"""The tables the authority goes by, as this release has them: algorithms with their dates, profiles of certificates."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer
from rich.table import Column, Table

from lienthong.cli.ca.working import AsJson
from lienthong.cli.printing import out, print_json, spoken

Row = Mapping[str, Any]


def algorithms(as_json: AsJson = False) -> None:
    """Thuật toán được chứng thực, từ ngày nào đến trước ngày nào. / What may be certified, from and until when."""
    with spoken(as_json=as_json):
        _print(_algorithms(), _ALGORITHMS, as_json=as_json)


def profiles(as_json: AsJson = False) -> None:
    """Mẫu chứng thư: CA cấp, khóa, thời hạn, công dụng. / Profiles: issuer, keys, validity, usages."""
    with spoken(as_json=as_json):
        _print(_profiles(), _PROFILES, as_json=as_json)


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(algorithms)
    app.command()(profiles)


_ALGORITHMS = {
    "family": "thuật toán · family",
    "bits": "bit ≥",
    "uses": "dùng cho · uses",
    "begins": "từ · from",
    "ends": "trước · before",
}
_PROFILES = {
    "name": "mẫu · profile",
    "issuer": "CA",
    "keys": "khóa",
    "days": "ngày",
    "usages": "công dụng · usages",
    "extended": "mở rộng · extended",
}


def _algorithms() -> list[Row]:
    from lienthong.ca.rules.agility import TABLE  # brings the authority along

    return [
        {
            "family": row.family,
            "bits": row.bits,
            "uses": sorted(row.uses),
            "begins": row.begins.date().isoformat(),
            "ends": row.ends.date().isoformat(),
        }
        for row in TABLE
    ]


def _profiles() -> list[Row]:
    from lienthong.ca.hierarchy.purposes import PURPOSES  # as above
    from lienthong.ca.profiles import PROFILES  # as above

    issuers = {name: purpose.id for purpose in PURPOSES.values() for name in purpose.profiles}
    return [
        {
            "name": row.name,
            "issuer": issuers.get(row.name),
            "keys": sorted(row.families),
            "made": f"{row.key.family} {row.key.bits or ''}".rstrip(),
            "days": row.days,
            "usages": sorted(row.usages),
            "extended": [each.dotted_string for each in row.extended],
            "extended_critical": row.extended_critical,
            "path_length": row.path_length,
            "nocheck": row.nocheck,
        }
        for row in PROFILES.values()
    ]


def _print(rows: Sequence[Row], columns: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    table = Table(*(Column(words, overflow="fold") for words in columns.values()), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    out().print(table)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)
