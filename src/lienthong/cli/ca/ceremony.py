"""`lienthong ca ceremony …`: the root and the issuing authorities, step by step, by the people who hold the parts."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from lienthong.adapters.files import PRIVATE, read_secret, write_whole
from lienthong.cli.printing import files_here, now, say, spoken
from lienthong.errors import ConfigurationInvalid, InvalidValue

app = typer.Typer(no_args_is_help=True, help="Nghi thức khóa gốc. / The ceremony of the root.")
Folder = Annotated[Path, typer.Argument(help="Thư mục / folder")]
Name = Annotated[str, typer.Option("--name", help="Tên nhà cung cấp, ghi trong chứng thư / name of the house")]
Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", help="Dòng đầu mã hóa tệp khóa / its first line encrypts key files")
]
Who = Annotated[list[str] | None, typer.Option("--who", help="Người chứng kiến / who is there")]
REASONS = ("unspecified", "keyCompromise", "cACompromise", "superseded", "cessationOfOperation")
"""RFC 5280 §5.3.1, what can befall an authority."""
Parts = Annotated[list[Path] | None, typer.Option("--part", help="Tệp chứa một phần mật khẩu / a file with a part")]


Need = Annotated[int, typer.Option("--need", help="Số phần cần để mở / parts that open it")]
Of = Annotated[int, typer.Option("--of", help="Số phần / parts in all")]
PartsIn = Annotated[Path | None, typer.Option("--parts", help="Thư mục ghi các phần / folder for the parts")]


@app.command()
def root(folder: Folder, name: Name, need: Need = 3, of: Of = 5, parts: PartsIn = None, who: Who = None) -> None:
    """Lập khóa gốc; mật khẩu chỉ còn là các phần, hoặc khóa trong thiết bị. / Found the root: in parts, or a token."""
    with spoken(), files_here():
        from lienthong.ca.folders import found_root, found_root_in_token  # brings the authority along

        if (folder / "root.token").exists():
            found_root_in_token(folder, name, now(), who or ())
        else:
            _require_room(parts, "part")
            _, made = found_root(folder, name, now(), need=need, of=of, who=who or ())
            _hand_out(made, parts, "part")
        say(f"Đã lập khóa gốc trong {folder}.", f"The root is founded in {folder}.", "green")


@app.command()
def prepare(
    folder: Folder,
    name: Name,
    publish_at: Annotated[str, typer.Option("--publish-at", metavar="URL", help="Địa chỉ công bố / public address")],
    passphrase: Passphrase = None,
) -> None:
    """Tạo khóa và yêu cầu của các CA cấp phát. / Keys and requests of the issuing authorities."""
    with spoken(), files_here():
        from lienthong.ca.folders import prepare_issuers  # as above

        prepare_issuers(folder, name, publish_at.rstrip("/"), passphrase=passphrase)
        say(f"Mang {folder}/issuers/*.csr đến nghi thức.", f"Take {folder}/issuers/*.csr to the ceremony.", "green")


@app.command()
def certify(
    folder: Folder,
    requests: Annotated[Path, typer.Argument(help="Thư mục yêu cầu / folder of requests")],
    name: Name,
    publish_at: Annotated[str, typer.Option("--publish-at", metavar="URL", help="Địa chỉ công bố / public address")],
    part: Parts = None,
    who: Who = None,
) -> None:
    """Khóa gốc ký các CA cấp phát. / The root certifies issuing authorities."""
    with spoken(), files_here():
        from lienthong.ca.folders import RootFolder, certify  # as above

        made = certify(RootFolder(folder, name), _parts(part), requests, publish_at.rstrip("/"), now(), who or ())
        say(f"Đã ký: {', '.join(made)}.", f"Certified: {', '.join(made)}.", "green")


@app.command()
def install(
    folder: Folder,
    root_folder: Annotated[Path, typer.Option("--root", help="Thư mục có root.pem, root.crl / folder of the root")],
    origin: Annotated[str, typer.Option(help="Tên nhật ký / name of the evidence log")],
    passphrase: Passphrase = None,
) -> None:
    """Đưa chứng thư gốc vào và tạo khóa dịch vụ. / Take the root's certificate in, make the keys of services."""
    with spoken(), files_here():
        from lienthong.ca.folders import install  # as above

        home = install(folder, root_folder / "root.pem", root_folder / "root.crl", origin, now(), passphrase)
        say(f"Sẵn sàng: {', '.join(home.issuers)}.", f"Ready: {', '.join(home.issuers)}.", "green")


@app.command("list")
def renew_list(folder: Folder, name: Name, part: Parts = None, who: Who = None) -> None:
    """Danh sách thu hồi của khóa gốc cho một năm nữa. / The root's list for another year."""
    with spoken(), files_here():
        from lienthong.ca.folders import RootFolder, renew_root_list  # as above

        renew_root_list(RootFolder(folder, name), _parts(part), now(), who or ())
        say(f"{folder}/root.crl", f"{folder}/root.crl", "green")


@app.command()
def revoke(
    folder: Folder,
    certificate: Annotated[Path, typer.Argument(help="Chứng thư của CA cấp phát / of an issuing authority, PEM")],
    name: Name,
    reason: Annotated[str, typer.Option(help=", ".join(REASONS))] = "unspecified",
    part: Parts = None,
    who: Who = None,
) -> None:
    """Khóa gốc thu hồi một CA cấp phát. / The root revokes an issuing authority, for ever."""
    with spoken(), files_here():
        from cryptography import x509  # as above
        from cryptography.hazmat.primitives.serialization import Encoding  # as above

        from lienthong.ca.folders import RootFolder, revoke_issuer  # as above

        if reason not in REASONS:
            raise InvalidValue(f"--reason {reason[:40]}: {', '.join(REASONS)}")
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        flag, der = x509.ReasonFlags(reason), found.public_bytes(Encoding.DER)
        revoke_issuer(RootFolder(folder, name), _parts(part), der, flag, now(), who or ())
        say(
            f"Đã thu hồi; mang {folder}/root.crl về và chạy install lại.",
            f"Revoked; take {folder}/root.crl home and run install again.",
            "green",
        )


@app.command()
def archive(
    folder: Folder,
    name: Name,
    post_quantum: Annotated[bool, typer.Option("--post-quantum", help="Bật ML-DSA / switch ML-DSA on")] = False,
    need: Need = 3,
    of: Of = 5,
    parts: PartsIn = None,
    who: Who = None,
) -> None:
    """Khóa gốc ML-DSA chỉ cho lưu trữ. / An ML-DSA root for archives alone."""
    with spoken(), files_here():
        from lienthong.ca.folders import found_archive_root  # as above

        _require_room(parts, "archive-part")
        made = found_archive_root(folder, name, now(), allowed=post_quantum, need=need, of=of, who=who or ())
        _hand_out(made, parts, "archive-part")
        say(f"{folder}/archive.pem", f"{folder}/archive.pem", "green")


def _require_room(folder: Path | None, stem: str) -> None:
    """ConfigurationInvalid where parts of another key lie: they are the only way to it."""
    if folder is not None and (there := sorted(folder.glob(f"{stem}-*.txt"))):
        raise ConfigurationInvalid(f"{there[0]}: đã có phần của khóa khác / a part of another key")


def _hand_out(parts: Sequence[str], folder: Path | None, stem: str) -> None:
    """To files only their owners read, or one after another on the screen."""
    for number, part in enumerate(parts, 1):
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(folder / f"{stem}-{number}.txt", f"{part}\n".encode(), PRIVATE)
        else:
            typer.echo(f"--- {number}/{len(parts)} ---\n{part}\n")


def _parts(files: Sequence[Path] | None) -> tuple[str, ...]:
    """From files, or typed in one a line; empty where the root's key is in a token."""
    if files:
        return tuple(read_secret(path).decode("utf-8", "replace").strip() for path in files)
    if not sys.stdin.isatty():
        return tuple(line.strip() for line in sys.stdin if line.strip())
    raise ConfigurationInvalid("--part FILE …")
