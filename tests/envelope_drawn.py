"""Messages drawn at random: whatever can be said (Hypothesis strategies)."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from lienthong.document import DocumentId, DocumentNumber, OrganisationCode, StatusCode, Urgency, is_absent, nfc
from lienthong.envelope import (
    Attachment,
    Business,
    BusinessType,
    Edoc,
    OtherInfo,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
    TraceHop,
    clean_name,
)

SIGNS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ĐđƠơƯưệ<>&\"']")
# The reader composes, joins white space and takes the word null for nothing; values are generated in that form.
texts = (
    st.text(SIGNS, max_size=40)
    .map(lambda text: " ".join(nfc(text).split()))
    .filter(lambda text: not text or not is_absent(text))
)
words = texts.filter(bool)
codes = st.from_regex(r"[A-K][0-9]{2}(\.[A-Z0-9]{2,3}){0,3}|000\.[0-9]{2}\.[0-9]{2}\.H[0-9]{2}", fullmatch=True).map(
    OrganisationCode
)
ids = words.map(DocumentId)
parts_of_number = st.from_regex(r"[0-9]{1,5}[a-z]?", fullmatch=True)
numbers = st.builds(DocumentNumber, parts_of_number, texts)
days = st.dates(date(1945, 9, 2), date(2100, 1, 1))
moments = st.datetimes(datetime(1946, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001  hypothesis wants naive bounds
parties = st.builds(Party, codes, texts, texts, texts, texts, texts, texts, texts)
staffs = st.builds(Staff, texts, texts, texts, texts, texts, texts)
amounts = st.none() | st.integers(1, 999)
responses = st.builds(ResponseFor, codes, st.none() | ids, st.none() | numbers, st.none() | days)
others = st.builds(
    OtherInfo,
    st.sampled_from(Urgency),
    texts,
    texts,
    amounts,
    amounts,
    st.none() | st.booleans(),
    texts,
    texts,
    st.lists(words, max_size=2).map(tuple),
)
businesses = st.builds(
    Business,
    st.sampled_from(BusinessType),
    st.none() | ids,
    texts,
    st.booleans(),
    st.lists(st.builds(ReceiverChange, codes, st.booleans()), max_size=2).map(tuple),
    st.booleans(),
    st.lists(st.builds(Replacement, ids, st.lists(codes, max_size=2).map(tuple)), max_size=2).map(tuple),
    staffs,
)
file_names = words.map(lambda text: clean_name(f"{text}.pdf")).filter(
    lambda name: clean_name(name) == name and not is_absent(name)
)
# Anything but a ZIP: what the sender wrapped is opened on the way in.
contents = st.binary(max_size=300).filter(lambda data: not data.startswith(b"PK"))


@st.composite
def attachments(draw: st.DrawFn) -> tuple[Attachment, ...]:
    files = draw(st.lists(st.tuples(file_names, contents, texts), min_size=1, max_size=3))
    return tuple(
        Attachment.of(f"tep-{order}", name, "application/pdf", data, said)
        for order, (name, data, said) in enumerate(files)
    )


edocs = st.builds(
    Edoc,
    sender=parties,
    recipients=st.lists(parties, min_size=1, max_size=3).map(tuple),
    document_id=ids,
    number=numbers,
    place=texts,
    issued=st.none() | days,
    kind_name=texts,
    kind_number=st.none() | st.integers(1, 99),
    subject=texts,
    content=texts,
    signer=st.builds(Signer, texts, texts, texts),
    due=st.none() | days,
    other=others,
    responses=st.lists(responses, max_size=2).map(tuple),
    steering=st.none() | st.integers(0, 3),
    to_places=st.lists(words, max_size=3).map(tuple),
    trace=st.lists(st.builds(TraceHop, st.none() | codes, moments), max_size=3).map(tuple),
    business=businesses,
    attachments=attachments(),
)
statuses = st.builds(
    StatusMessage,
    sender=parties,
    response=st.builds(ResponseFor, codes, ids, st.none() | numbers, st.none() | days),
    code=st.sampled_from(StatusCode) | st.sampled_from(["07", "12", "14"]),
    staff=staffs,
    description=texts,
    at=st.none() | moments,
)
