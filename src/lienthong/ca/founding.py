"""The first officers of an authority: written down once, when nobody is on record who could order it."""

import asyncio
from collections.abc import Sequence

from lienthong.adapters.clock import SystemClock
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.ca import SqlRegisters
from lienthong.adapters.store_settings import StoreSettings, where
from lienthong.ca.config import Config
from lienthong.ca.delegation.model import Duty, Officer, RegistrationAuthority
from lienthong.ca.folders import HouseFolder
from lienthong.ca.people import OFFICER, record_of
from lienthong.ca.registers import Change, Deed, RecordsWanted
from lienthong.errors import ConfigurationInvalid

_ADMINISTRATORS = 2


def write_first(config: Config, authorities: Sequence[RegistrationAuthority], officers: Sequence[Officer]) -> None:
    """Put the first authorities and officers on record. ConfigurationInvalid if there are officers already, or fewer
    than two who administer: nobody could ever order a change.
    """
    administrators = [each for each in officers if Duty.ADMINISTER in each.duties and each.certificate]
    if len(administrators) < _ADMINISTRATORS:
        raise ConfigurationInvalid("cần hai người quản trị có chứng thư / two administrators with certificates")
    asyncio.run(_write(config, [*authorities, *officers]))


async def _write(config: Config, things: Sequence[RegistrationAuthority | Officer]) -> None:
    if config.office is None:
        raise ConfigurationInvalid("[office]")
    home, clock, settings = HouseFolder.load(config.folder, config.passphrase_file), SystemClock(), config.office
    signer = home.service("log").note_signer(settings.origin)

    def work(tx: Change) -> None:
        if tx.records(RecordsWanted(OFFICER, limit=1)):
            raise ConfigurationInvalid(
                "đã có cán bộ; mọi thay đổi cần lệnh của hai người quản trị / there are officers"
            )
        for thing in things:
            tx.put_record(record_of(thing))
            tx.note(Deed(clock.now(), "founding", "put", text=f"{type(thing).__name__} {thing.id}"))

    async with SqlStore.open(where(StoreSettings(settings.store), settings.data), signer, clock) as store:
        await SqlRegisters(store, home.name).write(work)
