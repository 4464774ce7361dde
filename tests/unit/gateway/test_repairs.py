"""What was repaired in an envelope is told to its sender and to its receiver; the bytes stay as they came."""

from dataclasses import replace

from envelope_made import SMALL
from lienthong.document import OrganisationCode
from lienthong.envelope import Party, write
from lienthong.gateway import desk
from lienthong.gateway.desk import Gateway
from lienthong.ranges import opened
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import OPEN, World


def gateway(world: World, code: str) -> Gateway:
    station = world.stations[OPEN[code][2]]
    tenants = MemoryTenants()
    tenants.signers[code] = world.signer(code)
    return Gateway(station.hop, station.store, station.bell, tenants, station.wire)


async def test_both_sides_are_told_and_the_bytes_stay() -> None:
    world = World()
    parties = Party(OrganisationCode("H29"), "UBND"), Party(OrganisationCode("G09"), "Bộ")
    message = replace(SMALL, sender=parties[0], recipients=parties[1:])
    dirty = b"1212" + write(message, {}).replace(b">UBND<", b">null<")
    package = await desk.send_edxml(gateway(world, "H29"), "H29", "m-1", dirty, None)
    await world.run()
    for code in ("H29", "G09"):
        house = gateway(world, code)
        found = await desk.document(house, code, package)
        assert {each.code for each in found.repairs} == {"junk-before-prolog", "null-text", "value-missing"}
        assert all(each.vi and each.en for each in found.repairs)
        source = await desk.part(house, code, package, "message.edxml")
        assert b"".join([block async for block in opened(house.hop.objects, source)]) == dirty
