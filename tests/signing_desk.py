"""A signing service on twins, with throw-away keys."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lienthong.delivery import Bell, Hop
from lienthong.errors import KeyUnavailable, SecretWrong
from lienthong.gateway import signing as service
from lienthong.gateway.signing import Signing
from lienthong.gateway.signing_views import Answer as Given
from lienthong.gateway.signing_views import Paper, Wish
from lienthong.signature import Role
from lienthong.signature.keys import Answer, KeyKind, Order, Outcome, SigningKey, Submission
from lienthong.signature.session.checks import Trusting
from lienthong.signature.session.keeping import Kept
from lienthong.testing.clock import FakeClock
from lienthong.testing.memory import MemoryObjects
from lienthong.testing.sessions import MemorySessions
from lienthong.testing.world import World
from unit.signature.authority import NOW, Soft, agency, authority, leader
from unit.signature.documents import composed

TENANT, ORGANISATION = "H29", "Sở Ví Dụ tỉnh Mẫu"


@dataclass
class FakeKey:
    """A key that signs at once, or (`slow`) when told; `pin` if it wants one; `away` while nobody answers."""

    id: str
    soft: Soft
    kind: KeyKind = KeyKind.FILE
    slow: bool = False
    pin: str = ""
    away: bool = False
    orders: dict[str, Order] = field(default_factory=dict)
    answers: dict[str, Outcome] = field(default_factory=dict)
    submissions: int = 0

    @property
    def certificate(self) -> bytes:
        return self.soft.certificate

    @property
    def chain(self) -> Sequence[bytes]:
        return self.soft.chain

    async def submit(self, orders: Sequence[Order], secret: str = "") -> Submission:
        self._require(secret)
        self.submissions += 1
        self.orders |= {order.id: order for order in orders}
        handle = hashlib.sha256("".join(order.id for order in orders).encode()).hexdigest()[:8]
        return Submission(handle, () if self.slow else tuple(self.signed(order.id) for order in orders))

    async def outcomes(self, handle: str, orders: Sequence[Order]) -> Sequence[Outcome]:
        self._require(self.pin)
        return [self.answers.get(order.id, Outcome(order.id, Answer.WAITING)) for order in orders]

    async def cancel(self, handle: str) -> None:
        self.answers |= {name: Outcome(name, Answer.CANCELLED) for name in self.orders}

    def signed(self, id: str) -> Outcome:
        """The person confirmed."""
        return self.answer(id, Answer.SIGNED, self.orders[id].to_be_signed)

    def answer(self, id: str, answer: Answer, data: bytes = b"") -> Outcome:
        """What the provider says of an order from now on."""
        self.answers[id] = Outcome(id, answer, self.soft.sign(data) if data else b"")
        return self.answers[id]

    def _require(self, secret: str) -> None:
        if self.away:
            raise KeyUnavailable
        if secret != self.pin:
            raise SecretWrong


@dataclass
class FakeKeys:
    keys: dict[str, dict[str, SigningKey]]

    def of(self, tenant: str) -> Mapping[str, SigningKey]:
        return self.keys.get(tenant, {})


class Office:
    """The service, its keys, and what outlives a crash."""

    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.leader, self.seal = FakeKey("leader", leader()), FakeKey("seal", agency())
        self.phone = FakeKey("phone", leader(), KeyKind.PHONE, slow=True)
        self.token = FakeKey("token", leader(), KeyKind.TOKEN, pin="1234")
        own = {key.id: key for key in (self.leader, self.seal, self.phone, self.token)}
        self.keys = FakeKeys({TENANT: dict(own), "G09": {"seal": self.seal}})
        self.hop: Hop = replace(World().home(TENANT), objects=MemoryObjects(), clock=self.clock)
        self.sessions = MemorySessions()
        self.trusting = Trusting((authority().root,))
        self.start()

    def start(self) -> None:
        """A new process on what the last one left."""
        self.signing = Signing(self.hop, self.sessions, self.keys, Bell(), lambda: self.trusting)

    async def begin(self, wish: Wish | None = None, *files: bytes, tenant: str = TENANT) -> Kept:
        found = await service.begin(self.signing, tenant, ORGANISATION, wish or wished(), files or (composed().pdf,))
        return found[0]

    async def complete(self, id: str, tenant: str = TENANT, **given: object) -> Kept:
        return await service.complete(self.signing, tenant, id, Given(**given))  # type: ignore[arg-type]  # by name

    async def signed(self, id: str) -> bytes:
        return await service.document(self.signing, TENANT, id)


def wished(id: str = "a", role: Role = Role.LEADER, key: str = "leader", documents: int = 1, **more: object) -> Wish:
    papers = tuple(Paper("V/v thử nghiệm", f"{number}/QĐ-M") for number in range(1, documents + 1))
    return Wish(id, role, "Nguyễn Văn Mẫu", papers, key, **more)  # type: ignore[arg-type]  # by name
