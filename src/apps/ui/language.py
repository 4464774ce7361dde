"""Vietnamese first: a sentence in the code is its Vietnamese text; English comes from one table.

A table instead of gettext: no compiled file, no tool, and a missing sentence fails a test.
"""

from django.utils.translation import get_language

from apps.ui.english import ENGLISH


def english() -> bool:
    """Whether this request reads English."""
    return (get_language() or "vi").startswith("en")


def t(sentence: str, /, **values: object) -> str:
    """The sentence in the reader's language, its {places} filled."""
    text = ENGLISH.get(sentence, sentence) if english() else sentence
    return text.format(**values) if values else text
