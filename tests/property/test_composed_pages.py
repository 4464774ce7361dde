"""Whatever people type, a page comes out with their words as words, or the draft is refused by our own error."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.errors import InvalidValue
from lienthong.layout import Composed, Draft, compose
from unit.layout.drafts import DECISION

VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạếềểễệứừửữựỳỵĐ#$*_`@<>\\[]{}()=/\"'~-+ \n0123456789", min_size=1)


def composed(draft: Draft) -> Composed | None:
    try:
        return compose(draft)
    except InvalidValue:
        return None


@settings(max_examples=80, deadline=None)
@given(text=VIETNAMESE)
def test_vietnamese_and_every_sign_of_typst_code_is_printed(text: str):
    made = composed(replace(DECISION, body=("Mở đầu. " + text,), subject=text, organisation="Cơ quan " + text))
    assert made is not None
    assert made.anchors.leader is not None


@settings(max_examples=80, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_printed_or_refused(text: str):
    made = composed(replace(DECISION, body=("Mở đầu. ", text), signer_name=text, to_places=(text,)))
    assert made is None or made.pages >= 1
