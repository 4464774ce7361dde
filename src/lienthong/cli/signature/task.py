"""What is to be signed, as the command was told."""

from dataclasses import dataclass, field

from lienthong.signature.model import Role
from lienthong.signature.session.model import Level


@dataclass(frozen=True, slots=True)
class Task:
    """One PDF; `placing` is `auto` or `none`, an empty `person` is the certificate's."""

    pdf: bytes = field(repr=False)
    title: str
    role: Role
    level: Level
    placing: str
    person: str
