"""The glossary and the code use the same words."""

from pathlib import Path

import pytest

from lienthong.delivery.journey import JourneyState
from lienthong.document import StatusCode
from lienthong.evidence import EventKind

TERMS = (Path(__file__).parents[2] / "docs" / "terms.md").read_text()


@pytest.mark.parametrize("state", JourneyState)
def test_the_glossary_has_every_journey_state(state: JourneyState) -> None:
    assert f"| `{state}` |" in TERMS


@pytest.mark.parametrize("code", StatusCode)
def test_the_glossary_has_every_status_in_the_words_of_the_code(code: StatusCode) -> None:
    assert f"| {code.value} | {code.vi} | {code.en} |" in TERMS


@pytest.mark.parametrize("kind", EventKind)
def test_the_glossary_has_every_event_in_the_words_of_the_code(kind: EventKind) -> None:
    assert f"| {kind.vi} | `{kind}` |" in TERMS
