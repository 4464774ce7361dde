"""The documents for integrators and operators say what the code does: codes, addresses, settings, limits, examples."""

import dataclasses
import json
import re
import tomllib
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

import msgspec
import pytest
from litestar.handlers import HTTPRouteHandler

from lienthong import errors
from lienthong.adapters.bootstrap import read_config
from lienthong.adapters.logface import log_routes
from lienthong.adapters.metrics import Watched
from lienthong.adapters.operations import operations
from lienthong.adapters.operations_watching import holding, watching
from lienthong.adapters.operators import Operators
from lienthong.axis import routes as axis
from lienthong.axis.config import Config as AxisConfig
from lienthong.ca import app as ca
from lienthong.ca.acme.routes import ACME
from lienthong.ca.ceremony import create_authority
from lienthong.ca.config import Config as CaConfig
from lienthong.ca.faces.desk import OFFICE
from lienthong.ca.faces.states import PUBLIC
from lienthong.cli.openapi import document as openapi_document
from lienthong.delivery import STATUS_MOVES, Order
from lienthong.document import OrganisationCode, package_id
from lienthong.envelope import DEFAULT, Part, PartRef, content_digest, manifest
from lienthong.errors import LienThongError
from lienthong.gateway import routes as gateway
from lienthong.gateway import views
from lienthong.gateway.composing import Metadata
from lienthong.gateway.config import Config as GatewayConfig
from lienthong.gateway.desk import Gateway
from lienthong.gateway.happening import Event
from lienthong.gateway.tenancy import operations as tenant_operations
from lienthong.gateway.vxp.calls import House
from lienthong.gateway.vxp.operations import operations as system_operations
from lienthong.gateway.vxp.routes import CALLS
from lienthong.registry import check, read_source
from lienthong.seal import ALGORITHMS, seal
from lienthong.testing.clock import FakeClock
from lienthong.testing.memory import MemoryStore
from lienthong.testing.pki import MOMENT, pki
from lienthong.testing.world import World

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]


def text(page: str) -> str:
    return (DOCS / page).read_text()


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


def rows(page: str, heading: str = "") -> Iterator[list[str]]:
    """Table rows below a heading, cell by cell."""
    part = text(page).partition(heading)[2] if heading else text(page)
    for line in re.split(r"^#", part, flags=re.MULTILINE)[0].splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def cited(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


# ---------------------------------------------------------------- blocks


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_can_be_read(page: Path) -> None:
    for block in blocks(page, "json"):
        json.loads(block)
    for block in blocks(page, "toml"):
        tomllib.loads(block)
    for block in blocks(page, "python"):
        compile(block, page.name, "exec")


def test_there_are_examples_to_read() -> None:
    assert {language for language in ("json", "toml", "python") for page in PAGES if blocks(page, language)} == {
        "json",
        "toml",
        "python",
    }


# ---------------------------------------------------------------- refusals


def tree(root: type[LienThongError]) -> list[type[LienThongError]]:
    own = [child for child in root.__subclasses__() if child.__module__.startswith(errors.__name__)]
    return [root, *(leaf for child in own for leaf in tree(child))]


def test_the_table_of_codes_is_that_of_the_code() -> None:
    found = [row for row in rows("protocol/desk-api.md", "\n## Errors\n") if row[0].startswith("`")]
    assert sorted(found) == sorted(
        [f"`{cls.code}`", str(cls.kind.value), "no" if cls.permanent else "yes", f"{cls.vi}<br>{cls.en}"]
        for cls in tree(LienThongError)
    )


# ---------------------------------------------------------------- addresses


def addresses(handlers: list[Any]) -> set[str]:
    return {
        f"{method} {re.sub(r':[a-z]+}', '}', path)}"
        for handler in handlers
        for method in handler.http_methods
        for path in handler.paths
    }


def documented(page: str, part: str = "") -> set[str]:
    return set(re.findall(rf"((?:GET|HEAD|OPTIONS|POST|PUT|DELETE|PATCH) {part}/[\w{{}}./-]*)", text(page)))


LOG = log_routes(MemoryStore(pki().log(), FakeClock()))
OPERATORS = [
    *operations(World().axis, Operators(None)),
    *watching(World().axis, Operators(None), Watched(MemoryStore(pki().log(), FakeClock()), Path()), {}),
]
HOLDING = holding(World().axis, Operators(None), lambda _: None)
SYSTEMS = system_operations(cast("House", None), lambda _, __: "")
TENANTS = tenant_operations(cast("Gateway", None), lambda _: None, lambda _, reason: Order("", reason))
CA_HANDLERS = [found for found in vars(ca).values() if isinstance(found, HTTPRouteHandler)]


@pytest.mark.parametrize(
    ("page", "part", "handlers"),
    [
        ("protocol/desk-api.md", "/v1", gateway.DESK),
        ("protocol/wire.md", "/v1", axis.WIRE),
        ("processes/gateway.md", "", [*gateway.OPERATIONS, *LOG, *OPERATORS, *SYSTEMS, *TENANTS]),
        ("processes/axis.md", "", [*axis.OPERATIONS, *LOG, *OPERATORS, *HOLDING]),
        ("processes/ca.md", "", [*CA_HANDLERS, *PUBLIC, *ACME]),
        ("protocol/ca-api.md", "/v1", OFFICE),
        ("protocol/vxp.md", "", CALLS),
    ],
    ids=["desk", "wire", "gateway", "axis", "ca", "ca-api", "vxp"],
)
def test_every_address_is_documented_and_no_other(page: str, part: str, handlers: list[Any]) -> None:
    assert addresses(handlers) == documented(page, part)


# ---------------------------------------------------------------- settings


SETTINGS = [("axis", AxisConfig), ("gateway", GatewayConfig), ("ca", CaConfig)]


def settings(kind: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a configuration by its dotted name, with its default as the tables write it."""
    hints = get_type_hints(kind)
    for name, default in defaults(kind):
        inner = next((each for each in (hints[name], *get_args(hints[name])) if is_section(each)), None)
        if inner is not None:
            yield from settings(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", written(default)


def is_section(kind: Any) -> bool:
    return dataclasses.is_dataclass(kind) or (isinstance(kind, type) and issubclass(kind, msgspec.Struct))


def defaults(kind: Any) -> Iterator[tuple[str, Any]]:
    if dataclasses.is_dataclass(kind):
        yield from ((field.name, field.default) for field in dataclasses.fields(kind))
    else:
        yield from ((field.name, field.default) for field in msgspec.structs.fields(kind))


def written(default: Any) -> str:
    if default is dataclasses.MISSING or default is msgspec.NODEFAULT:
        return "required"
    return "none" if default is None else f"`{json.dumps(default)}`"


@pytest.mark.parametrize(("process", "kind"), SETTINGS)
def test_every_setting_is_documented_with_its_default(process: str, kind: Any) -> None:
    table = [row for row in rows(f"processes/{process}.md", "\n## Settings\n") if row[0].startswith("`")]
    found = {name: row[1] for row in table for name in cited(row[0])}
    assert found == dict(settings(kind))


@pytest.mark.parametrize(("process", "kind"), SETTINGS)
def test_the_example_of_settings_is_taken(process: str, kind: Any, tmp_path: Path) -> None:
    [example] = blocks(DOCS / "processes" / f"{process}.md", "toml")
    file = tmp_path / "example.toml"
    file.write_text(example)
    made = CaConfig.load(file) if kind is CaConfig else read_config(file, kind)
    assert isinstance(made, kind)


# ---------------------------------------------------------------- tables of the protocol


def test_the_limits_are_those_of_the_code() -> None:
    found = {cited(row[0])[0]: int(row[1]) for row in rows("protocol/package.md", "\n## Limits\n") if cited(row[0])}
    assert found == dataclasses.asdict(DEFAULT)


def test_the_algorithms_are_those_of_the_code() -> None:
    found = {
        cited(row[0])[0]: int(row[2].split()[0])
        for row in rows("protocol/seal.md", "\n## Algorithms\n")
        if row[0] != "`alg`" and cited(row[0])
    }
    assert found == {row.id: row.min_bits for row in ALGORITHMS}


def test_metadata_is_explained_field_by_field() -> None:
    table = rows("protocol/desk-api.md", "\n### `PUT /v1/outgoing/{message_id}`\n")
    assert {name for row in table for name in cited(row[0])} == {field.name for field in dataclasses.fields(Metadata)}


def test_the_moves_of_statuses_are_those_of_the_code() -> None:
    found: dict[str, set[str]] = {}
    for before, after in rows("protocol/desk-api.md", "\n### `POST /v1/documents/{package_id}/statuses`\n"):
        for code in re.findall(r"^nothing$|\d\d", before):
            found["" if code == "nothing" else code] = set(re.findall(r"\d\d", after))
    assert found == {
        before.value if before else "": {code.value for code in after} for before, after in STATUS_MOVES.items()
    }


# ---------------------------------------------------------------- worked examples


def test_the_example_of_an_entry_has_every_field() -> None:
    entry = next(
        found for found in map(json.loads, blocks(DOCS / "protocol/desk-api.md", "json")) if "recipients" in found
    )
    assert list(entry) == [field.name for field in dataclasses.fields(views.Entry)]
    assert list(entry["recipients"][0]) == [field.name for field in dataclasses.fields(views.Recipient)]


# the framework finds our way of declaring bodies old; that is no matter of this test
@pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
def test_the_openapi_file_is_what_gateways_of_this_version_serve() -> None:
    assert (DOCS / "protocol" / "desk.openapi.json").read_bytes() == openapi_document(), "make openapi"


def test_examples_of_the_openapi_file_are_what_it_says() -> None:
    """Each example has the schema's fields, but those that are null; what a caller writes or reads most has one."""
    told = json.loads((DOCS / "protocol" / "desk.openapi.json").read_text())["components"]["schemas"]
    shown = {name: schema for name, schema in told.items() if schema.get("examples")}
    for name, schema in shown.items():
        missing = schema["properties"].keys() - schema["examples"][0].keys()
        assert all("null" in json.dumps(schema["properties"][field]) for field in missing), (name, missing)
        assert schema["examples"][0].keys() <= schema["properties"].keys(), name
    assert shown.keys() >= {
        "Document",
        "Entry",
        "Page",
        "Capability",
        "Event",
        "Webhook",
        "Problem",
        "Status",
        "Wanted",
        "KeyView",
        "SessionView",
        "Answer",
        "CheckedFile",
    }


def test_the_example_of_an_event_has_every_field() -> None:
    event = next(found for found in map(json.loads, blocks(DOCS / "protocol/desk-api.md", "json")) if "lane" in found)
    assert list(event) == [field.name for field in dataclasses.fields(Event)]


def test_the_example_of_a_package_adds_up() -> None:
    page = text("protocol/package.md")
    refs = [PartRef(*row) for row in json.loads(blocks(DOCS / "protocol/package.md", "json")[0])]
    contents = ["<edXML>…</edXML>".encode(), "%PDF-1.7 mẫu".encode()]
    assert refs == list(
        manifest([Part(ref.name, ref.media_type, data) for ref, data in zip(refs, contents, strict=True)])
    )
    assert f"gives `{content_digest(refs)}`" in page
    assert f"`{package_id('G09', 'vb-2026-0001')}`" in page


def test_the_example_of_a_seal_is_of_that_package() -> None:
    header = json.loads(blocks(DOCS / "protocol/seal.md", "json")[0])
    listed = json.loads(blocks(DOCS / "protocol/package.md", "json")[0])
    digests = [urlsafe_b64decode(text + "=").hex() for text in header["sigD"]["hashV"]]
    assert [list(each) for each in zip(header["sigD"]["pars"], header["sigD"]["ctys"], digests, strict=True)] == [
        [name, media_type, sha256] for name, media_type, _, sha256 in listed
    ]


def test_the_example_of_a_seal_has_the_form_of_one_made_now() -> None:
    example = json.loads(blocks(DOCS / "protocol/seal.md", "json")[0])
    parts = manifest([Part("message.edxml", "application/xml", b"<x/>")])
    made = seal(parts, pki().seal("G09"), MOMENT, OrganisationCode("G09"), "vb-1", expires_at=MOMENT, trace="1" * 32)
    protected = made.partition(".")[0]
    header = json.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    assert list(header) == [*example, "lt_trace"]  # the example was sealed without
    assert header["sigD"].keys() == example["sigD"].keys()
    assert (header["crit"], header["b64"], header["alg"]) == (example["crit"], example["b64"], example["alg"])
    table = {name for row in rows("protocol/seal.md", "\n## Header parameters\n") for name in cited(row[0])}
    assert table == set(header) | {"lt_answers"}  # the one only an answer has


def test_the_guide_from_nothing_makes_a_sound_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    create_authority(tmp_path / "authority", MOMENT)
    [script] = blocks(DOCS / "guides/run-a-gateway.md", "python")
    exec(compile(script, "found.py", "exec"), {})  # noqa: S102  the guide's own words, which must work
    source = (tmp_path / "source.json").read_bytes()
    assert check(read_source(source, 1, MOMENT, MOMENT + timedelta(days=7))) == ()
    named = [tomllib.loads(block) for block in blocks(DOCS / "guides/run-a-gateway.md", "toml")]
    keys = [table[name] for table in named for name in ("log", "axis", "wire", "desk") if name in table]
    assert all((tmp_path / each["key"]).is_file() and (tmp_path / each["certificate"]).is_file() for each in keys)
