"""Words and small tools of the console for templates: `{% load operator %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from apps.accounts.roles import Right, may
from apps.operator import words
from apps.ui.language import t

register = template.Library()


@register.filter(name="may")
def may_do(role: str, right: str) -> bool:
    """Whether a role holds a right, by its name."""
    return may(role, Right(right))


@register.filter
def get(told: Mapping[str, Any], name: str) -> Any:
    """A value by a name that no template could write after a dot."""
    return told.get(name)


@register.filter
def unlocal(number: float) -> str:
    """A number for SVG, whatever the language writes between whole and part."""
    return f"{number:g}"


@register.filter
def megabytes(size: int) -> str:
    """Bytes, in millions."""
    return f"{size / 1_000_000:.1f}".replace(".", ",").removesuffix(",0")


@register.filter
def hop_word(hop: str) -> str:
    """What a hop is called: the axis by its word, a gateway by its code."""
    return t("trục") if hop == "axis" else hop


@register.filter
def state_word(state: str) -> str:
    """A transport state."""
    return words.STATES.get(state, (state, ""))[0]


@register.filter
def tone(state: str) -> str:
    """Its colour."""
    return words.STATES.get(state, ("", "quiet"))[1]


@register.filter
def step_word(kind: str) -> str:
    """What a hop did."""
    return words.STEPS.get(kind, (kind, ""))[0]


@register.filter
def step_icon(kind: str) -> str:
    """Its drawing."""
    return words.STEPS.get(kind, ("", "file"))[1]


@register.filter
def act_word(act: str) -> str:
    """What an operator can do."""
    return words.ACTS.get(act, act)


@register.filter
def check_word(name: str) -> str:
    """What a diagnosis looked at."""
    return words.CHECKS.get(name, name)
