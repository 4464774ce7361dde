"""The systems as calls are judged by: in memory, opened, refreshed from where they are kept."""

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import token_hex

from lienthong.errors import ConfigurationInvalid
from lienthong.gateway.vxp.ports import Systems, Vault
from lienthong.gateway.vxp.systems import Secret, System, revoked, rotated

_NOBODY = (token_hex(32).encode(),)
"""An unknown system is answered after as much work as a known one."""


class Roster:
    """A change made by another process of this gateway counts here after the next `refresh`."""

    def __init__(self, kept: Systems, vault: Vault) -> None:
        self._kept, self._vault = kept, vault
        self._systems: dict[str, System] = {}
        self._keys: dict[str, list[tuple[Secret, bytes]]] = {}
        self.unopened: tuple[str, ...] = ()
        """Secrets, by system and id, that the vault's key does not open; nobody calls with them."""

    async def refresh(self) -> None:
        """What is kept counts from now on; a secret that does not open must not keep others from being revoked."""
        found, unopened = {system.id: system for system in await self._kept.all()}, list[str]()
        keys: dict[str, list[tuple[Secret, bytes]]] = {name: [] for name in found}
        for system in found.values():
            for secret in (each for each in system.secrets if each.revoked is None):
                try:
                    keys[system.id].append((secret, self._opened(system, secret)))
                except ConfigurationInvalid:
                    unopened.append(f"{system.id}/{secret.id}")
        self._systems, self._keys, self.unopened = found, keys, tuple(unopened)

    def system(self, id: str) -> System | None:
        """The system of that id."""
        return self._systems.get(id)

    def ready(self, now: datetime) -> dict[str, bool]:
        """Of each system that nobody shut out whether it has a secret that counts and that we can read, by id."""
        known = (name for name, system in self._systems.items() if not system.shut_out)
        return {name: any(secret.live(now) for secret, _ in self._keys.get(name, ())) for name in known}

    def proves(self, id: str, message: bytes, told: str, now: datetime) -> bool:
        """Whether HMAC-SHA256 of the message under a live secret of that system is what was told (hex)."""
        given = told.strip().lower().encode("utf-8", "surrogateescape")
        keys = tuple(key for secret, key in self._keys.get(id, ()) if secret.live(now))
        made = [hmac.new(key, message, hashlib.sha256).hexdigest().encode() for key in keys or _NOBODY]
        matches = [hmac.compare_digest(given, each) for each in made]
        return any(matches) and bool(keys)

    # ------------------------------------------------------------ operators' acts

    async def add(self, system: System) -> str:
        """A new system, yet without a secret; its secret, told once. InvalidValue."""
        text, secret = self._fresh(system.id, system.made)
        await self._kept.add(replace(system, secrets=(secret,)))
        await self.refresh()
        return text

    async def rotate(self, id: str, now: datetime, keep: timedelta) -> str:
        """A further secret, told once; the old ones count for so long beside it. NotFound."""
        text, secret = self._fresh(id, now)
        await self._kept.change(id, lambda system: rotated(system, secret, now + keep))
        await self.refresh()
        return text

    async def revoke(self, id: str, now: datetime, secret: str) -> None:
        """One secret, or all, count no more. NotFound."""
        await self._kept.change(id, lambda system: revoked(system, now, secret))
        await self.refresh()

    def _fresh(self, id: str, now: datetime) -> tuple[str, Secret]:
        text, name = token_hex(32), token_hex(4)
        return text, Secret(name, self._vault.seal(f"{id}/{name}", text), now)

    def _opened(self, system: System, secret: Secret) -> bytes:
        return self._vault.open(f"{system.id}/{secret.id}", secret.sealed).encode()
