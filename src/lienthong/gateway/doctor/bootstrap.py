"""The doctor wired to this machine's files and to the axis."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from lienthong.adapters.keys import load_certificates
from lienthong.adapters.space import room
from lienthong.adapters.wire import AxisWire
from lienthong.diagnosis import Words
from lienthong.errors import LienThongError
from lienthong.gateway.basis import Court
from lienthong.gateway.config import Config
from lienthong.gateway.desk import Gateway
from lienthong.gateway.doctor.seeing import Certificates, Doctor
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.settings import VxpSettings

T = TypeVar("T")


def doctoring(gateway: Gateway, config: Config, axis: AxisWire, court: Court, house: House | None) -> Doctor:
    """The doctor of this gateway."""
    certificates = partial(_certificates, config)
    buses = tuple(each.name for each in config.bus)
    return Doctor(
        gateway,
        axis.told_time,
        certificates,
        partial(room, config.data),
        lambda: court.trouble,
        buses,
        vxp=address(config.vxp) if config.vxp else "",
        systems=(lambda: house.roster.ready(gateway.now())) if house else dict,
    )


def address(face: VxpSettings) -> str:
    """Where a face listens, as its settings say; a proxy before it may have another name."""
    return (
        f"unix:{face.socket}" if face.socket else f"{'https' if face.certificate else 'http'}://{face.host}:{face.port}"
    )


def _certificates(config: Config) -> Certificates:
    """Every certificate this gateway stands on; read anew each time, as they are replaced without a restart."""
    named: dict[Words, Path | None] = {
        ("gốc", "root"): config.roots,
        ("gọi trục", "the axis's client"): config.axis.certificate,
        ("bàn làm việc", "the desk's"): config.desk.certificate,
        ("nhật ký", "the log's"): config.log.certificate,
        ("VXP", "the VXP face's"): config.vxp.certificate if config.vxp else None,
    }
    unreadable: dict[str, str] = {}
    seals = {path.parent.name: path for path in sorted(config.tenants.glob("*/seal.pem"))}
    return Certificates(_ends(named, unreadable), _ends(seals, unreadable), unreadable)


def _ends(named: Mapping[T, Path | None], unreadable: dict[str, str]) -> dict[T, datetime]:
    ends: dict[T, datetime] = {}
    for name, path in named.items():
        if path is None:
            continue
        try:
            ends[name] = min(each.not_valid_after_utc for each in load_certificates(path))
        except (LienThongError, OSError, ValueError) as error:
            unreadable[str(path)] = str(error)
    return ends
