"""The signing of a sample desk: the throw-away authority's keys in the place of a gateway's."""

from datetime import UTC, datetime
from functools import cache

from asn1crypto import x509

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.client.papers import Paper, SigningKeyView
from lienthong.errors import NotFound
from lienthong.layout import Rectangle, compose_corner, copy_words
from lienthong.signature import Appearance, Role, leader_picture, seal_picture, sign
from lienthong.testing.desk.people import CITY, name_of
from lienthong.testing.pki import pki


@cache
def signers(code: str) -> dict[str, SoftDocumentSigner]:
    """The city has a leader's key and a seal; others have none."""
    name = name_of(code)
    return {"leader": pki().leader(organisation=name), "seal": pki().document_seal(name)} if code == CITY else {}


def keys(code: str) -> tuple[SigningKeyView, ...]:
    """As a gateway lists them."""
    return tuple(_view(role, signer) for role, signer in signers(code).items())


def _view(role: str, signer: SoftDocumentSigner) -> SigningKeyView:
    leaf = x509.Certificate.load(signer.certificate)
    return SigningKeyView(
        id=role,
        kind="file",
        name=str(leaf.subject.native["common_name"]),
        organisation=str(leaf.subject.native.get("organization_name", "")),
        role=role,
        serial="1",
        valid_from=leaf.not_valid_before,
        valid_to=leaf.not_valid_after,
        certificate=signer.certificate,
    )


def signed(code: str, paper: Paper, role: str, key: str, copied: str = "") -> bytes:
    """The signed file. NotFound, SignatureProblem."""
    signer = signers(code).get(key)
    if signer is None:
        raise NotFound(key)
    now = datetime.now(UTC).replace(microsecond=0)
    look = _corner(code, copied, now) if copied else _look(code, paper, Role(role), _view(key, signer).name)
    return sign(paper.pdf, signer, Role(role), look, now)


def _corner(code: str, copied: str, now: datetime) -> Appearance:
    """The words of a copy in the upper right corner of an A4 page."""
    words = compose_corner(copy_words(copied, name_of(code), now), now)
    return Appearance(words, Rectangle(0, 340, 770, 575, 820))


def _look(code: str, paper: Paper, role: Role, name: str) -> Appearance:
    place, seal = paper.place, paper.seal_place
    if place is None:
        return Appearance()
    own = Rectangle(place.page, place.left, place.bottom, place.right, place.top)
    if role is not Role.LEADER:
        return Appearance(seal_picture(name_of(code)), own)
    over = Rectangle(seal.page, seal.left, seal.bottom, seal.right, seal.top) if seal else None
    return Appearance(leader_picture(name), own, seal_place=over)
