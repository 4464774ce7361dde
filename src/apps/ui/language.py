"""Vietnamese first: a sentence in the code is its Vietnamese text; English comes from each app's own table.

Tables instead of gettext: no compiled file, no tool, and a missing sentence fails a test.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.translation import get_language

from lienthong.errors import LienThongError


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """Vietnamese sentence → English, by the app whose `english.py` says it."""
    named = (f"{each.name}.english" for each in apps.get_app_configs() if each.name.startswith("apps."))
    return {name: import_module(name).ENGLISH for name in named if find_spec(name)}


@cache
def sentences() -> Mapping[str, str]:
    """All tables as one; a test holds that no two differ about a sentence."""
    return {vi: en for table in tables().values() for vi, en in table.items()}


def english() -> bool:
    """Whether this request reads English."""
    return (get_language() or "vi").startswith("en")


def sentence_of(error: LienThongError) -> str:
    """What an error says, in the reader's language."""
    return error.sentence("en" if english() else "vi")


def t(sentence: str, /, **values: object) -> str:
    """The sentence in the reader's language, its {places} filled."""
    text = sentences().get(sentence, sentence) if english() else sentence
    return text.format(**values) if values else text
