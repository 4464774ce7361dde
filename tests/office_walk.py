"""Walking an office along its own links: every page that a person may open, told apart by what it is made of.

Run in a process that has set Django up (`office_site`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from django.test import Client
from django.urls import URLPattern
from lxml import html

from apps.office.urls import urlpatterns as office
from apps.staff.urls import urlpatterns as staff

FILES = re.compile(r"/tep/|/ban/\d+/|/word/|/goi/|bang-chung\.json|[?&](tai|excel)=")
"""What is downloaded, not shown."""
MANY_MAKES = {"incoming", "outgoing", "draft", "case", "inbox", "overview"}
"""Kinds whose pages differ with the person and with where a document stands."""
KIN = 2
"""How many pages of one kind a person opens."""


def patterns() -> dict[str, str]:
    """Each address that has a name, as an expression for paths."""
    return {
        str(one.name): f"^/{before}{_expression(one)}"
        for before, named in (("nhan-su/", staff), ("", office))
        for one in named
        if isinstance(one, URLPattern)
    }


def _expression(one: URLPattern) -> str:
    text: str = one.pattern.regex.pattern  # type: ignore[attr-defined]  # routes have one
    return text.removeprefix("^").replace(r"\Z", "$")


def walk(people: Mapping[str, Client], begun: Sequence[str]) -> list[tuple[str, str, str]]:
    """Who, path, kind: one page of each kind and make, for each person whom it is shown to in that make first."""
    seen: set[tuple[str, str]] = set()
    found: list[tuple[str, str, str]] = []
    for who, client in people.items():
        for path, kind, make in _of(client, begun):
            if (kind, make) not in seen:
                seen.add((kind, make))
                found.append((who, path, kind))
    return found


def _of(client: Client, begun: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Path, kind and make of every page that this person comes to."""
    named = patterns()
    waiting, opened, kinds = [str(client.get("/").get("Location", "/")), *begun], set[str](), dict[str, int]()
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        kind = next((name for name, expression in named.items() if re.match(expression, path.partition("?")[0])), "")
        if path in opened or not kind or kinds.get(kind, 0) >= KIN or FILES.search(path):
            continue
        opened.add(path)
        answer = client.get(path)
        if answer.status_code in {301, 302}:
            waiting.insert(0, str(answer["Location"]))
        assert answer.status_code in {200, 301, 302, 403, 404}, f"{path}: {answer.status_code}"
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        tree = html.fromstring(answer.content.decode())
        links = tree.xpath("//a[not(@download)]/@href")
        waiting += [link if link.startswith("/") else path.partition("?")[0] + link for link in map(str, links)]
        yield path, kind, " ".join(sorted(set(tree.xpath("//main//@class")))) if kind in MANY_MAKES else ""
