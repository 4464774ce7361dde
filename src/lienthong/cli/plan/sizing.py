"""From demand and costs to machines and disks. One machine more than needed, so that one may fail. Pure values."""

import math
from dataclasses import dataclass

from lienthong.cli.plan.costs import Costs
from lienthong.cli.plan.demand import Demand
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Policy:
    """How a country wants to run: a node is one server of the axis. InvalidValue."""

    cores: int = 16  # of a node; each carries one axis process
    load: float = 0.6  # how full a process may be at the peak with one node down
    database_bytes: float = 8e12  # the largest database an operator wants to back up in a night
    content_days: int = 30  # contents stay at the axis; gateways keep their own
    row_days: int = 90  # rows stay in the database, later in the archive
    tenants: int = 300  # agencies on a shared gateway

    def __post_init__(self) -> None:
        if self.cores < 1 or not 0 < self.load <= 1 or self.database_bytes <= 0 or self.tenants < 1:
            raise InvalidValue("cores ≥ 1, 0 < load ≤ 1, database bytes > 0, tenants ≥ 1")
        if min(self.content_days, self.row_days) < 1:
            raise InvalidValue("days ≥ 1")


@dataclass(frozen=True, slots=True)
class Need:
    """What it takes. Rates a second, sizes in bytes."""

    peak: float
    process_rate: float  # packages a second one process can do, legs included
    processes: int
    nodes: int
    databases: int
    row_bytes: float  # in all databases, for the days rows stay
    log_bytes_a_year: float
    content_bytes: float  # in the object store, for the days contents stay
    inward: float  # bytes a second at the peak
    outward: float
    gateways: int
    gateway_cores: float  # of all gateways together at the peak
    waiting_bytes: float  # memory of waiting gateways over all axis processes


def need(demand: Demand, costs: Costs, policy: Policy) -> Need:
    """Size a country. The peak decides processes and databases, the days decide disks."""
    legs_each = demand.legs / demand.packages
    process_rate = 1000 / (costs.accept_ms + legs_each * costs.leg_ms)
    working = math.ceil(demand.peak / (process_rate * policy.load))
    nodes = math.ceil(working / policy.cores) + 1
    row_day = demand.packages * costs.package_row_bytes + demand.legs * costs.leg_row_bytes
    leaves = demand.packages + 2 * demand.legs  # accepted; delivered and handed over
    row_bytes = policy.row_days * row_day
    log_year = 365 * leaves * costs.leaf_bytes
    gateways = math.ceil(demand.organisations / policy.tenants)
    return Need(
        peak=demand.peak,
        process_rate=process_rate,
        processes=nodes * policy.cores,
        nodes=nodes,
        databases=max(_up(demand.peak, costs.database_per_second * policy.load), _up(row_bytes, policy.database_bytes)),
        row_bytes=row_bytes,
        log_bytes_a_year=log_year,
        content_bytes=policy.content_days * demand.content_bytes,
        inward=_at_peak(demand, demand.content_bytes),
        outward=_at_peak(demand, demand.documents * demand.recipients * demand.document_bytes),
        gateways=gateways,
        gateway_cores=demand.peak * (1 + legs_each) * costs.gateway_ms / 1000,
        waiting_bytes=gateways * costs.idle_gateway_bytes,
    )


def _up(wanted: float, each: float) -> int:
    return max(1, math.ceil(wanted / each))


def _at_peak(demand: Demand, bytes_a_day: float) -> float:
    return bytes_a_day * demand.peak / demand.packages
