"""`lienthong signature form`: the form check of files on this machine, without a gateway or a network."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from lienthong.adapters.bootstrap import root_certificates
from lienthong.adapters.confined import Examiner
from lienthong.cli.desks import AsJson
from lienthong.cli.findings import show_findings, show_none
from lienthong.cli.printing import files_here, now, print_json, spoken
from lienthong.client import Finding
from lienthong.document import read_date
from lienthong.errors import InvalidValue
from lienthong.signature import conclude
from lienthong.signature.form import Expected, Part, check
from lienthong.signature.form.tolerances import MM

TEXTS = frozenset({"organisation", "signer", "competence", "number", "notation"})
SAID = "organisation, signer, competence, number, notation, issued, seal (mm), part (main, annex, copy)"


def form(
    files: Annotated[list[Path], typer.Argument(help="Văn bản chính, rồi phụ lục / main document, then annexes")],
    *,
    expect: Annotated[
        list[str] | None, typer.Option(help=f"Thông tin gửi kèm, tên=giá trị / what the message says: {SAID}")
    ] = None,
    root: Annotated[list[Path] | None, typer.Option(help="Chứng thư gốc tin cậy (PEM) / trusted roots")] = None,
    as_json: AsJson = False,
) -> None:
    """Kiểm tra thể thức chữ ký số của tệp PDF. / Check the form of the signatures in PDF files.

    Mã thoát / exit code: 0 không có lỗi phải sửa, 1 có / 0 nothing has to be mended, 1 something has.
    """
    with spoken(as_json=as_json), files_here():
        expected = expectation(expect or ())
        roots = [der for place in root or () for der in root_certificates(place)]
        found = _checked(files, expected, roots)
    if as_json:
        print_json(found)
    elif any(found.values()):
        show_findings(found)
    else:
        show_none()
    raise typer.Exit(int(any(one.severity == "error" for several in found.values() for one in several)))


def expectation(said: Sequence[str]) -> Expected:
    """`name=value` pairs as what is expected of the main file. Raises InvalidValue."""
    expected = Expected(seen=now())
    for pair in said:
        name, _, value = pair.partition("=")
        expected = _said(expected, name.strip(), value.strip())
    return expected


def _said(expected: Expected, name: str, value: str) -> Expected:
    if name in TEXTS:
        return replace(expected, **{name: value})  # type: ignore[arg-type]  # all of these are texts
    try:
        if name == "part":
            return replace(expected, part=Part(value))
        if name == "seal":
            return replace(expected, seal_width=float(value) * MM)
    except ValueError as error:
        raise InvalidValue(f"--expect {name}={value}") from error
    day = read_date(value) if name == "issued" else None
    if day is None:
        raise InvalidValue(f"--expect {name}={value} ({SAID})")
    return replace(expected, issued=day)


def _checked(files: Sequence[Path], expected: Expected, roots: Sequence[bytes]) -> dict[str, tuple[Finding, ...]]:
    found = {}
    with Examiner() as examiner:
        for order, file in enumerate(files):
            pdf, moment = file.read_bytes(), expected.seen or now()
            wanted = replace(expected, part=Part.ANNEX) if order else expected
            facts = examiner.examine(pdf, looks=True)
            several = check(facts, conclude(facts, roots, moment), wanted)
            found[str(file)] = msgspec.convert([one.as_dict() for one in several], tuple[Finding, ...])
    return found
