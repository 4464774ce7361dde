"""METS of a submission package as Circular 05/2025/TT-BNV, Annex III II.1 writes it: identifiers, file lists, the map.

Identifiers are made from the file's own id, so that packing the same closed file again gives the same package.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from uuid import UUID, uuid5

from lxml import etree

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_SPACES = {None: METS, "xlink": XLINK, "csip": CSIP}
Element = etree._Element  # noqa: SLF001 - lxml gives it no other name


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the package with its path from the METS that lists it; `title` is the name people gave it.

    `body` opens its bytes, of which a scan or a recording may have gigabytes: they pass through in pieces.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    body: Callable[[], IO[bytes]] = field(repr=False)
    title: str = ""

    @classmethod
    def of(cls, path: str, media_type: str, data: bytes, title: str = "") -> Part:
        """A small one, made here."""
        return cls(path, media_type, len(data), hashlib.sha256(data).hexdigest(), lambda: io.BytesIO(data), title)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes beside the representation: the schemas, and what tells of the file as a whole."""

    schemas: Sequence[Part]
    documentation: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Item:
    """A document in the representation: its description, its main file, and files that belong to it.

    `records` are pictures and recordings that go with it, each described on its own.
    """

    description: Part
    main: Part | None
    attached: tuple[Part, ...] = ()
    records: tuple[Item, ...] = ()

    @property
    def belongings(self) -> tuple[Part, ...]:
        """All files that belong to its main one."""
        return (*self.attached, *(record.main for record in self.records if record.main))


@dataclass(frozen=True, slots=True)
class Names:
    """Identifiers within one package: the same key gives the same one."""

    package: UUID

    def of(self, key: str) -> str:
        """An identifier of a section or group: `uuid-` and capitals."""
        return f"uuid-{str(uuid5(self.package, key)).upper()}"

    def file(self, part: Part) -> str:
        """An identifier of a file: `ID-` and capitals."""
        return f"ID-{str(uuid5(self.package, f'file/{part.path}')).upper()}"


@dataclass(frozen=True, slots=True)
class Package:
    """What both METS files say of the whole. `submission` is the reference of the hand-over (altRecordID)."""

    names: Names
    title: str
    fonds: str
    organisation: str
    submission: str
    made: datetime
    software: str
    version: str

    @property
    def object_id(self) -> str:
        """OBJID of the package, and the name of its folder."""
        return self.names.of("package")


def whole(package: Package, description: Part, enclosed: Enclosed, representation: Part) -> bytes:
    """METS.xml of the package: its description, what is beside it, where the representation's own METS is."""
    names = package.names
    agent = _e(
        "agent", _e("name", package.software), _note("SOFTWARE VERSION", package.version), ROLE="CREATOR", TYPE="OTHER"
    )
    agent.set("OTHERTYPE", "SOFTWARE")
    header = _header(package, agent)
    header.append(_e("altRecordID", package.submission, TYPE="SUBMISSIONAGREEMENT"))
    beside = [("schemas", "Schemas", enclosed.schemas), ("documentation", "Documentation", enclosed.documentation)]
    beside = [(key, label, parts) for key, label, parts in beside if parts]
    section = names.of("dmd/EAD")
    pointer = _e("mptr", LOCTYPE="URL")
    _link(pointer, representation.path, names.of("group/rep1"))
    top = _e(
        "div",
        _e("div", ID=names.of("div/metadata"), DMDID=section, LABEL="Metadata"),
        *(
            _e("div", _e("fptr", FILEID=names.of(f"group/{key}")), ID=names.of(f"div/{key}"), LABEL=label)
            for key, label, _ in beside
        ),
        _e("div", pointer, ID=names.of("div/rep1"), LABEL="Representations/rep1"),
        ID=names.of("div"),
        LABEL=package.object_id,
    )
    groups = [_group(package, f"group/{key}", label, parts) for key, label, parts in beside]
    groups.append(_group(package, "group/rep1", "Representations/rep1", [representation]))
    body = [header, _described(package, section, description, "EAD"), _files(package, groups), _map(package, top)]
    return _written(package.object_id, package.title, body)


def described_apart(items: Sequence[Item]) -> list[Item]:
    """Whatever has a description of its own, a document before its records."""
    return [each for item in items for each in (item, *item.records)]


def representation(package: Package, items: Sequence[Item]) -> bytes:
    """METS.xml of `rep1`: every document's description, its files, and which belongs to which."""
    names = package.names
    agent = _e(
        "agent",
        _e("name", package.organisation),
        _note("IDENTIFICATIONCODE", package.fonds),
        ROLE="CREATOR",
        TYPE="ORGANIZATION",
    )
    every = described_apart(items)
    sections = [_described(package, _section(names, item), item.description, "DC") for item in every]
    files = [part for item in every for part in (item.main, *item.attached) if part is not None]
    links = [
        _e(
            "div",
            _e("fptr", FILEID=names.file(item.main)),
            ID=names.of(f"link/{item.main.path}"),
            DMDID=_section(names, item),
            LABEL="MetadataLink/File",
        )
        for item in every
        if item.main is not None
    ]
    top = _e(
        "div",
        _e("div", _e("fptr", FILEID=names.of("rep1/group/data")), ID=names.of("rep1/data"), LABEL="Data"),
        _e("div", *_attachments(names, items), ID=names.of("rep1/attached"), LABEL="AttachmentFile"),
        _e("div", *links, ID=names.of("rep1/links"), LABEL="MetadataLink"),
        ID=names.of("rep1/div"),
        TYPE="ORIGINAL",
        LABEL="rep1",
    )
    group = _group(package, "rep1/group/data", "Data", files)
    body = [_header(package, agent), *sections, _files(package, [group], "rep1/files"), _map(package, top, "rep1/map")]
    return _written(names.of("rep1"), package.title, body)


def _e(name: str, *inside: Element | str, **attributes: str) -> Element:
    """An element of METS with its text or its children."""
    made = etree.Element(f"{{{METS}}}{name}", nsmap=_SPACES)  # type: ignore[arg-type]  # None is lxml's default
    for key, value in attributes.items():
        made.set(key, value)
    for each in inside:
        if isinstance(each, str):
            made.text = each
        else:
            made.append(each)
    return made


def _attachments(names: Names, items: Sequence[Item]) -> list[Element]:
    return [
        _e(
            "div",
            *(_e("fptr", FILEID=names.file(part)) for part in item.belongings),
            ID=names.of(f"attached/{item.main.path}"),
            LABEL=names.file(item.main),
        )
        for item in items
        if item.main is not None and item.belongings
    ]


def _section(names: Names, item: Item) -> str:
    return names.of(f"dmd/{item.description.path}")


def _header(package: Package, agent: Element) -> Element:
    made = _moment(package.made)
    header = _e("metsHdr", agent, CREATEDATE=made, LASTMODDATE=made, RECORDSTATUS="NEW")
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", "SIP")
    return header


def _note(kind: str, text: str) -> Element:
    note = _e("note", text)
    note.set(f"{{{CSIP}}}NOTETYPE", kind)
    return note


def _described(package: Package, section: str, part: Part, kind: str) -> Element:
    made = _moment(package.made)
    reference = _e(
        "mdRef", ID=package.names.of(f"ref/{part.path}"), LOCTYPE="URL", MDTYPE="OTHER" if kind == "EAD" else kind
    )
    if kind == "EAD":
        reference.set("OTHERMDTYPE", kind)
    _link(reference, part.path)
    _weighed(reference, part, made)
    return _e("dmdSec", reference, ID=section, CREATED=made, STATUS="CURRENT")


def _files(package: Package, groups: Sequence[Element], key: str = "files") -> Element:
    return _e("fileSec", *groups, ID=package.names.of(key))


def _group(package: Package, key: str, use: str, parts: Sequence[Part]) -> Element:
    group = _e("fileGrp", ID=package.names.of(key), USE=use)
    for part in parts:
        place = _e("FLocat", LOCTYPE="URL")
        _link(place, part.path, part.title)
        file = _e("file", place, ID=package.names.file(part))
        _weighed(file, part, _moment(package.made))
        group.append(file)
    return group


def _map(package: Package, top: Element, key: str = "map") -> Element:
    return _e("structMap", top, ID=package.names.of(key), TYPE="PHYSICAL", LABEL="CSIP")


def _link(element: Element, path: str, title: str = "") -> None:
    element.set(f"{{{XLINK}}}type", "simple")
    element.set(f"{{{XLINK}}}href", path)
    if title:
        element.set(f"{{{XLINK}}}title", title)


def _weighed(element: Element, part: Part, made: str) -> None:
    element.set("MIMETYPE", part.media_type)
    element.set("SIZE", str(part.size))
    element.set("CREATED", made)
    element.set("CHECKSUM", part.sha256.upper())
    element.set("CHECKSUMTYPE", "SHA-256")


def _written(object_id: str, title: str, body: Sequence[Element]) -> bytes:
    root = _e("mets", *body, OBJID=object_id, LABEL=title, TYPE="Mixed", PROFILE=PROFILE)
    root.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
