"""What the agency's own administrator does at its gateway; asks for the scope `admin`."""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import quote

from lienthong.client.administration import (
    AccessToken,
    Administration,
    AdministrationAct,
    Bounds,
    IssuedSecret,
    IssuedToken,
    OwnSystem,
)
from lienthong.client.aio.line import AsyncLine
from lienthong.client.answers import decoded

_HOME = "/v1/administration"


class AsyncAdministering(AsyncLine):
    """Tokens, systems and bounds of one agency. NotAllowed without the scope; NotFound for another agency's."""

    async def administration(self) -> Administration:
        """Bounds, and what was used today."""
        return await self._get(Administration, _HOME)

    async def bound(self, bounds: Bounds) -> Administration:
        """Set the agency's own bounds, all at once. InvalidValue beyond the host's."""
        return decoded(Administration, await self._ask("PUT", f"{_HOME}/bounds", json=asdict(bounds)))

    async def access_tokens(self) -> tuple[AccessToken, ...]:
        """The agency's tokens, ended ones too."""
        return await self._get(tuple[AccessToken, ...], f"{_HOME}/tokens")

    async def issue_token(self, name: str, scopes: Sequence[str], days: int = 365) -> IssuedToken:
        """A further one; `days` 0 for no end. NotAllowed beyond the bound, InvalidValue."""
        return await self._post(IssuedToken, f"{_HOME}/tokens", {"name": name, "scopes": list(scopes), "days": days})

    async def rotate_token(self, id: str, hours: float = 24.0) -> IssuedToken:
        """A new one with the same rights; the old one goes on for so long."""
        return await self._post(IssuedToken, f"{_HOME}/tokens/{quote(id, safe='')}/rotate", {"hours": hours})

    async def revoke_token(self, id: str) -> AccessToken:
        """Take one back at once."""
        return await self._post(AccessToken, f"{_HOME}/tokens/{quote(id, safe='')}/revoke", None)

    async def systems(self) -> tuple[OwnSystem, ...]:
        """Software of the VXP face that calls as the agency."""
        return await self._get(tuple[OwnSystem, ...], f"{_HOME}/systems")

    async def rotate_secret(self, system: str, keep_hours: float = 72.0) -> IssuedSecret:
        """A further secret; the old ones count for so long beside it."""
        path = f"{_HOME}/systems/{quote(system, safe='')}/rotate"
        return await self._post(IssuedSecret, path, {"keep_hours": keep_hours})

    async def revoke_secret(self, system: str, secret: str = "") -> None:
        """One secret, or all of them, count no more."""
        await self._ask("POST", f"{_HOME}/systems/{quote(system, safe='')}/revoke", json={"secret": secret})

    async def administration_acts(self) -> tuple[AdministrationAct, ...]:
        """What was done here, newest first."""
        return await self._get(tuple[AdministrationAct, ...], f"{_HOME}/acts")
