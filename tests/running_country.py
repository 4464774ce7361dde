"""One small country of real processes for all tests that need it, and the keys to misbehave in it.

`gw-h27` has keys and a place in the registry but no process: tests speak in its name, to the axis and of the axis.
"""

import json
import sqlite3
import ssl
import time  # noqa: TID251  # real processes take real time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4  # noqa: TID251  # the country outlives a test, so ids must differ

import httpx
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwt
from joserfc.jwk import ECKey

from lienthong.adapters.bootstrap import log_signer
from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner, load_certificates
from lienthong.adapters.wire import tls_context
from lienthong.cli.demo.build import SNAPSHOT_LIFE, Place, admit, build, current_snapshot, origin
from lienthong.cli.demo.country import BY_CODE, CITY, GOVERNMENT, Agency
from lienthong.cli.demo.processes import Processes
from lienthong.client import Desk, Document
from lienthong.document import DocumentId, DocumentNumber, OrganisationCode
from lienthong.envelope import (
    DEFAULT,
    Edoc,
    Part,
    Party,
    StatusMessage,
    attach,
    content_digest,
    frame,
    manifest,
    pack,
    unframe,
    unpack,
)
from lienthong.errors import LienThongError
from lienthong.evidence import Event, EventKind, Receipt
from lienthong.registry import Snapshot, publish, thumbprint
from lienthong.seal import Signer, seal
from lienthong.testing.memory_log import LogRows, MemoryLog

PATIENCE = 45.0
"""Seconds something that must happen by itself may take on a busy machine."""
PDF = b"%PDF-1.7\n% van ban mau\n%%EOF\n"
RAW, RAW_CODE = "gw-h27", "H27"
SOON = 10.0
"""Seconds until a proof just written is told as one."""
T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the processes look at the same clock


def until(look: Callable[[], T], what: str = "", patience: float = PATIENCE) -> T:
    """What `look` finds once it finds something."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)
    return found


# ---------------------------------------------------------------- packages


def letter(to: Sequence[str] = ("H29",), sender: str = RAW_CODE, **changes: Any) -> Edoc:
    """A good letter; every call another document."""
    number = DocumentNumber(uuid4().hex[:8], "CV-MẪU")
    made = Edoc(
        sender=Party(OrganisationCode(sender), "Cơ quan Mẫu"),
        recipients=tuple(Party(OrganisationCode(code), f"Nơi nhận {code}") for code in to),
        document_id=DocumentId(f"{sender},2026/11/22,{number}"),
        number=number,
        kind_name="Công văn",
        subject="Văn bản mẫu để thử",
        content="Văn bản mẫu để thử",
        attachments=attach([("van-ban.pdf", "application/pdf", PDF)]),
    )
    return replace(made, **changes)


def sealed(
    message: Edoc | StatusMessage | Sequence[Part],
    signer: Signer,
    sender: str = RAW_CODE,
    message_id: str = "",
    at: datetime | None = None,
) -> tuple[str, tuple[Part, ...]]:
    """The seal and the parts of a package, rightly made unless the arguments say otherwise."""
    parts = pack(message) if isinstance(message, Edoc | StatusMessage) else tuple(message)
    moment, code = at or now(), OrganisationCode(sender)
    ends = moment + timedelta(days=1)
    return seal(manifest(parts), signer, moment, code, message_id or uuid4().hex, expires_at=ends), parts


# ---------------------------------------------------------------- a gateway's own identity


@dataclass(frozen=True)
class Identity:
    """A gateway's key and certificate in our hands: the wire to the axis, and a log that signs what we like."""

    place: Place
    gateway: str

    @property
    def folder(self) -> Path:
        return self.place.folder / self.gateway

    @cached_property
    def key(self) -> ECKey:
        return ECKey.import_key((self.folder / "hop.key").read_bytes())

    @cached_property
    def mark(self) -> str:
        leaf = load_certificates(self.folder / "hop.pem")[0]
        return thumbprint(leaf.public_bytes(Encoding.DER))

    @cached_property
    def context(self) -> ssl.SSLContext:
        return tls_context(self.place.root, self.folder / "hop.pem", self.folder / "hop.key")

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.place.url("axis"), verify=self.context, timeout=60)

    @cached_property
    def log(self) -> MemoryLog:
        return MemoryLog(LogRows(), log_signer(origin(self.gateway), self.folder / "log.key", self.folder / "log.pem"))

    def claims(self, method: str, path: str, body: bytes = b"", **changes: Any) -> dict[str, Any]:
        """What a right token says, with changes; a change to None leaves the claim out."""
        at = int(now().timestamp())
        right = {"iss": self.gateway, "aud": "axis", "iat": at, "exp": at + 60, "jti": uuid4().hex}
        bound = {"htm": method, "htu": path, "bh": sha256(body).hexdigest()}
        return {name: value for name, value in (right | bound | changes).items() if value is not None}

    def token(self, claims: Mapping[str, Any], key: ECKey | None = None, **header: Any) -> str:
        return jwt.encode({"alg": "ES256", "typ": "JWT", "kid": self.mark, **header}, dict(claims), key or self.key)

    def ask(self, method: str, path: str, body: bytes = b"", token: str | None = None, **more: Any) -> httpx.Response:
        """One request with a fresh right token, or with the given one."""
        shown = self.token(self.claims(method, path, body)) if token is None else token
        headers = {"Authorization": f"Bearer {shown}", **more.pop("headers", {})}
        return self.http.request(method, path, content=body, headers=headers, **more)

    def submit(self, made: tuple[str, Sequence[Part]] | bytes) -> httpx.Response:
        """Hand a package to the axis."""
        return self.ask("POST", "/v1/packages", made if isinstance(made, bytes) else frame(*made))

    def post(self, path: str, words: object) -> httpx.Response:
        return self.ask("POST", path, json.dumps(words).encode())

    def mail(self, package: str) -> dict[str, Any]:
        """The item of a package that waits for this gateway."""
        items = until(
            lambda: [item for item in self.ask("GET", "/v1/mailbox").json() if item["package"] == package], package
        )
        return dict(items[0])

    def fetched(self, package: str) -> dict[str, Any]:
        """The same once the package was fetched: which document it is stands in it alone."""
        frame = self.ask("GET", f"/v1/packages/{package}").content
        message = unpack(unframe(frame)[1], DEFAULT).message
        found = message.document_id if isinstance(message, Edoc) else message.response.document_id
        return self.mail(package) | {"document": str(found)}

    def receipt(self, kind: EventKind, item: Mapping[str, Any], **changes: Any) -> Receipt:
        """A receipt of our own log about a leg."""
        event = Event(
            kind=kind,
            hop=self.gateway,
            at=now(),
            package=item["package"],
            sender=item["sender"],
            message=item["message_id"],
            document=item.get("document", ""),
            digest=item["digest"],
            recipient=item["recipient"],
            addressee=item["addressee"],
        )
        index = self.log.size
        self.log.keep(self.log.grown([replace(event, **changes).to_leaf()]), now())
        return self.log.receipt(index)


# ---------------------------------------------------------------- the country


@dataclass(frozen=True)
class Country:
    """The running country and what tests need of it."""

    place: Place
    processes: Processes
    _desks: dict[str, Desk] = field(default_factory=dict)
    _raw: dict[str, Identity] = field(default_factory=dict)
    _clients: dict[tuple[str, str], httpx.Client] = field(default_factory=dict)

    @cached_property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.place.root))

    def gateway_of(self, code: str) -> str:
        rows = current_snapshot(self.place).representations
        return BY_CODE[code].gateway if code in BY_CODE else {str(r.organisation): r.gateway for r in rows}[code]

    def token(self, code: str) -> str:
        return (self.place.folder / "tokens" / code).read_text("utf-8").strip()

    def desk(self, code: str) -> Desk:
        """The desk of an agency."""
        if code not in self._desks:
            self._desks[code] = Desk(self.place.url(self.gateway_of(code)), self.token(code), self.place.root)
        return self._desks[code]

    def close(self) -> None:
        """Close every connection."""
        for open_one in (*self._desks.values(), *self._clients.values(), *(each.http for each in self._raw.values())):
            open_one.close()

    def http(self, code: str, token: str | None = None) -> httpx.Client:
        """A plain client at an agency's desk."""
        shown = self.token(code) if token is None else token
        if (code, shown) in self._clients:
            return self._clients[code, shown]
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        url = self.place.url(self.gateway_of(code))
        return self._clients.setdefault(
            (code, shown), httpx.Client(base_url=url, headers=headers, verify=self.trust, timeout=60)
        )

    def identity(self, gateway: str = RAW) -> Identity:
        return self._raw.setdefault(gateway, Identity(self.place, gateway))

    def seal_of(self, code: str) -> SoftSigner:
        """The sealing key of any tenant."""
        folder = self.place.folder / self.gateway_of(code) / "tenants" / code
        return SoftSigner.load(folder / "seal.key", folder / "seal.pem")

    # ---------------------------------------------------- the registry

    def change(self, edit: Callable[[Snapshot], Snapshot]) -> None:
        """Publish the next version and wait until every process has it in force."""
        before = current_snapshot(self.place)
        moment = now()
        fresh = {"issued_at": moment, "expires_at": moment + SNAPSHOT_LIFE, "previous_digest": before.digest()}
        after = replace(edit(before), version=before.version + 1, **fresh)
        folder = self.place.folder / "registry"
        write_whole(
            self.place.snapshot, publish(after, SoftSigner.load(folder / "registry.key", folder / "registry.pem"))
        )
        self.await_registry(after.version)

    def admit(self, agencies: Sequence[Agency]) -> None:
        """Register further agencies on the running gateways."""
        self.await_registry(admit(self.place, agencies))

    def await_registry(self, version: int) -> None:
        for hop in ("axis", CITY, GOVERNMENT):
            until(lambda hop=hop: self.ready(hop)["registry"] >= version, f"{hop}: registry {version}")  # type: ignore[misc]  # bound now, not later

    def ready(self, hop: str) -> dict[str, Any]:
        answer = httpx.get(self.place.url(f"{hop}-ops") + "/health/ready", timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    # ---------------------------------------------------- what is kept, and what was said of it

    def rows(self, hop: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into a hop's store, reading only."""
        path = self.place.folder / hop / "data" / "hop.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(query, values).fetchall()

    def kept(self, hop: str) -> tuple[tuple[int, ...], frozenset[str]]:
        """How many packages, legs, statuses and contents a hop holds, and which large objects; proofs it keeps by the
        clock are not counted."""
        folder = self.place.folder / hop / "data" / "objects"
        objects = {path.name for path in folder.rglob("*") if path.is_file()}
        proofs = {row[0] for row in self.rows(hop, "select sha256 from lasting_object")}
        tables = ("package", "leg", "status", "content")
        counts = (self.rows(hop, f"select count(*) from {table}")[0][0] for table in tables)  # noqa: S608  # our own names
        return tuple(counts), frozenset(objects - proofs)

    def rejection(self, frame_bytes: bytes) -> str:
        """The code with which the axis's evidence log says that these bytes were refused."""
        events = self._leaves(sha256(frame_bytes).hexdigest())
        assert all(event["kind"] == "submission-rejected" for event in events), events
        # what the gateway speaks for is named, by the digest of its parts; its content may have been accepted elsewhere
        with suppress(LienThongError):
            named = self._leaves(content_digest(manifest(unframe(frame_bytes)[1])))
            events += [event for event in named if event["kind"] == "submission-rejected"]
        return str(events[-1]["code"]) if events else ""

    def _leaves(self, digest: str) -> list[dict[str, Any]]:
        query = 'select body from leaf where cast(body as text) like ? order by "index"'
        return [json.loads(body) for (body,) in self.rows("axis", query, f"%{digest}%")]

    def said(self, hop: str) -> list[dict[str, Any]]:
        """The log lines of a process."""
        text = (self.place.folder / "logs" / f"{hop}.log").read_text("utf-8", errors="replace")
        whole = text.split("\n")[:-1]  # others than a newline may stand inside a line
        return [json.loads(line) for line in whole if line.startswith("{")]

    def last_words(self) -> str:
        """The ends of all logs."""
        logs = sorted((self.place.folder / "logs").glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text('utf-8', errors='replace')[-2500:]}" for log in logs)

    def unexpected(self) -> int:
        """How many faults nobody foresaw the processes told of."""
        return sum(line["event"] == "unexpected" for hop in ("axis", CITY, GOVERNMENT) for line in self.said(hop))

    # ---------------------------------------------------- deliveries

    def delivered(self, sender: str, package: str, state: str = "delivered") -> Document:
        """The document as its sender sees it once it reached every recipient."""
        desk, good = self.desk(sender), {state, "handed-over"}
        seen = lambda: {recipient.state for recipient in desk.document(package).entry.recipients} <= good  # noqa: E731  asked again and again
        until(seen, f"{package} {state}")
        return desk.document(package)

    def arrived(self, code: str, package: str) -> Document:
        """The document as its recipient sees it once it is at its desk."""
        http, path = self.http(code), f"/v1/documents/{package}"
        until(lambda: http.get(path).status_code == 200, f"{package} at {code}")
        return self.desk(code).document(package)

    def quiet(self) -> bool:
        """Whether nothing is on its way between running gateways."""
        waiting = (
            "select 1 from leg where state in ('recorded', 'accepted', 'arrived') and next_hop != ? and addressee != ?"
        )
        return not any(self.rows(hop, waiting, RAW, RAW_CODE) for hop in ("axis", CITY, GOVERNMENT))

    @contextmanager
    def nothing_taken(self, *hops: str) -> Iterator[None]:
        """Whatever happens inside leaves nothing behind at these hops."""
        if set(hops) - {"axis"}:
            until(self.quiet, "all deliveries")
        before = {hop: self.kept(hop) for hop in hops}
        yield
        until(lambda: all(self._no_more(hop, *before[hop]) for hop in hops), "nothing more than before", SOON)

    def _no_more(self, hop: str, rows: tuple[int, ...], objects: frozenset[str]) -> bool:
        """Whether a hop holds just these rows and no further object. One may be gone: a proof lies in the store a
        moment before its row says what it is, so it can be counted before and not after."""
        counts, stored = self.kept(hop)
        return counts == rows and stored <= objects


@contextmanager
def started(folder: Path) -> Iterator[Country]:
    """Build and start a country; stop it at the end. The city's gateway makes proofs last, a tree a second."""
    place = build(folder)
    with (place.folder / f"{CITY}.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[lasting]\nauthorities = ["{place.url("ca")}/tsa"]\nevery_seconds = 1.0\n')
    processes = Processes(place)
    made = Country(place, processes)
    try:
        processes.start()
        yield made
    except BaseException:
        print(made.last_words())  # noqa: T201  what pytest shows when the country did not come up
        raise
    finally:
        made.close()
        processes.stop()
