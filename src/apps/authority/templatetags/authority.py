"""Words of the authority: `{% load authority %}`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import template

from apps.authority import words
from apps.ui.language import t
from lienthong.client import Called, Certificate, Deed

register = template.Library()
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "kind": words.KINDS,
    "case": words.STATES,
    "certificate": words.CERTIFICATES,
    "token": words.TOKENS,
    "leaving": words.LEAVINGS,
    "departure": words.DEPARTURES,
    "reason": words.REASONS,
    "profile": words.PROFILES,
    "duty": words.DUTIES,
    "level": words.LEVELS,
}


@register.filter
def said(value: str, table: str) -> str:
    """A value of the authority in the reader's language; one that is new here stands as it is."""
    found = _TABLES[table].get(value, value)
    return t(found if isinstance(found, str) else found[0])


@register.filter
def officer(id: str, people: Mapping[str, Called] | str) -> str:
    """An officer's name with the id that orders carry, and the unit; the id alone of whoever is none."""
    return words.officer(id, people) if isinstance(people, Mapping) else id


@register.filter
def in_order(duties: Collection[str]) -> list[str]:
    """An officer's duties as `words.DUTIES` has them, one that is new here after them."""
    return [*(duty for duty in words.DUTIES if duty in duties), *sorted(set(duties) - words.DUTIES.keys())]


@register.filter
def tone(value: str, table: str) -> str:
    """Its colour, or its drawing."""
    found = _TABLES[table].get(value, ("", "quiet"))
    return str(found[1])


@register.filter
def standing(certificate: Certificate) -> str:
    """A certificate's state, its dates taken in."""
    return "ended" if certificate.ended and certificate.state != "revoked" else certificate.state


@register.filter
def act(deed: str) -> str:
    """What was done, or refused."""
    word = t(words.act_of(deed).word)
    return f"{t(words.REFUSED)}: {word}" if deed.startswith("refused:") else word


@register.filter
def act_icon(deed: str) -> str:
    """Its drawing."""
    return words.act_of(deed).look


@register.filter
def told(deed: Deed) -> str:
    """What a line says besides: a reason, a receiver, a kind in words. The digest of a key says nothing to people."""
    if deed.act in {"issue", "acme-account", "acme-key"}:
        return ""
    first, _, rest = deed.text.partition(" ")
    if deed.act == "stock":
        serial, _, path = rest.partition(" ")
        return t("thiết bị {serial} của {organisation}", serial=serial, organisation=near_path(path))
    if deed.act == "put" and first in words.RECORDS:
        return f"{t(words.RECORDS[first])} {rest}"
    table = "leaving" if deed.act == "depart" else "kind"
    return f"{said(first, table)} {rest}".rstrip() if first in _TABLES[table] else deed.text


@register.filter
def near_path(path: str) -> str:
    """The code of an organisation from its path: the last one."""
    return path.strip("/").rpartition("/")[2]


@register.filter
def iso(day: object) -> str:
    """A day as a date box takes it; what was typed stands as it is."""
    return day.isoformat() if isinstance(day, date) else str(day or "")


@register.filter
def order_word(act: str) -> str:
    """The word on an order's button."""
    return t(words.ORDERS[act][0])
