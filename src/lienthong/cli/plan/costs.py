"""What a package costs: processor times as `bench accept` and `bench journey` gave them, the rest assumed."""

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from lienthong.errors import ConfigurationInvalid


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one axis process on one core, of one database, and of what stays on disks.

    Processor times follow from measured runs (docs/performance.md): 17.3 ms of the axis and 52.2 ms of both gateways
    for a document and its one status, of which accepting is 3.6 ms a package. The rest is assumed, not measured.
    """

    accept_ms: float = 3.6  # CPU of an axis process for each package it accepts
    leg_ms: float = 5.1  # CPU of an axis process for each leg: offered, fetched, confirmed, told to the sender
    database_per_second: float = 1_500.0  # packages one PostgreSQL server takes: assumed
    gateway_ms: float = 13.1  # CPU of a gateway for each document it sends or takes
    package_row_bytes: float = 5_000.0  # rows of a package: head, seal, steps
    leg_row_bytes: float = 1_500.0  # rows of a leg: itself, steps, news
    leaf_bytes: float = 900.0  # a leaf of the log with its hashes
    idle_gateway_bytes: float = 50_000.0  # memory of a waiting gateway at the axis


def with_measured(costs: Costs, path: Path) -> Costs:
    """The costs with what a JSON file says of them: an object of the fields' names, any of them.

    ConfigurationInvalid for anything else.
    """
    try:
        told: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationInvalid(f"{path}: {error}") from error
    known = {field.name for field in fields(Costs)}
    if not isinstance(told, dict) or not told.keys() <= known or not all(map(_positive, told.values())):
        raise ConfigurationInvalid(f"{path}: {', '.join(sorted(known))} > 0")
    return replace(costs, **{name: float(value) for name, value in told.items()})


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")
