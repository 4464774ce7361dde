import pytest

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence import SigningKey, VerifierKey, note

KEY = SigningKey("lienthong.vn/log/mau", bytes(32))
OTHER = SigningKey("nguoi-la.vi-du", bytes([1] * 32))
SAME_NAME = SigningKey("lienthong.vn/log/mau", bytes([2] * 32))
TEXT = "một dòng\n\nhai dòng\n"
SIGNED = note.sign(TEXT, KEY)


def test_a_note_opens_with_its_key():
    text, signatures = note.verify(SIGNED, [KEY.verifier])
    assert (text, signatures[0].name) == (TEXT, KEY.name)


def test_signatures_of_unknown_keys_are_passed_over():
    text, signatures = note.verify(note.sign(TEXT, OTHER, SAME_NAME, KEY), [KEY.verifier])
    assert (text, len(signatures)) == (TEXT, 1)


def test_a_note_without_a_known_key_is_not_believed():
    with pytest.raises(EvidenceBroken, match="no known key"):
        note.verify(SIGNED, [OTHER.verifier, SAME_NAME.verifier])


def test_one_false_signature_of_a_known_key_spoils_the_note():
    forged = note.NoteSignature(OTHER.name, OTHER.key_id, bytes(64))
    with pytest.raises(EvidenceBroken, match="does not hold"):
        note.verify(SIGNED + str(forged), [KEY.verifier, OTHER.verifier])


def test_a_changed_text_is_found_out():
    with pytest.raises(EvidenceBroken, match="does not hold"):
        note.verify(SIGNED.replace("hai", "ba"), [KEY.verifier])


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "\n\n",
        "chỉ có chữ\n",
        TEXT + "\n",
        SIGNED.removesuffix("\n"),
        SIGNED + "\n",
        SIGNED.replace("— ", "- "),
        SIGNED.replace("— ", "—"),
        SIGNED.replace("— ", "—  "),
        SIGNED.replace("dòng", "dòng\r"),
        SIGNED.replace("dòng", "\ud800"),
        "a\n\n— ten !!!!\n",
        "a\n\n— ten AAAA\n",
        "a\n\n— te+n AAAAAAAA\n",
        "a\n\n" + "— ten AAAAAAAA\n" * 100,
        "a" * 70_000 + "\n\n— ten AAAAAAAA\n",
    ],
)
def test_malformed_notes_are_refused(broken: str):
    with pytest.raises(EvidenceBroken):
        note.verify(broken, [KEY.verifier])


@pytest.mark.parametrize("text", ["", "\n", "không xuống dòng"])
def test_only_text_that_ends_in_a_newline_is_signed(text: str):
    with pytest.raises(InvalidValue):
        note.sign(text, KEY)


def test_keys_survive_their_text_forms():
    assert SigningKey.parse(KEY.encode()) == KEY
    assert VerifierKey.parse(str(KEY.verifier)) == KEY.verifier


def test_the_seed_is_not_shown():
    assert "seed" not in repr(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten",
        "ten+00000000+",
        "ten+00000000+!!!",
        str(KEY.verifier).replace("mau", "khac"),
        str(KEY.verifier)[:-4],
        "ten+00000000+AQ==",
    ],
)
def test_malformed_verifier_keys_are_refused(text: str):
    with pytest.raises(InvalidValue):
        VerifierKey.parse(text)


@pytest.mark.parametrize("text", ["", str(KEY.verifier), KEY.encode().replace("mau", "khac")])
def test_malformed_signing_keys_are_refused(text: str):
    with pytest.raises(InvalidValue):
        SigningKey.parse(text)


@pytest.mark.parametrize("name", ["", "có trắng", "cộng+", "dòng\n", "\u00a0"])
def test_key_names_are_plain(name: str):
    with pytest.raises(InvalidValue):
        SigningKey(name, bytes(32))


def test_a_cosignature_out_of_the_calendar_has_no_time():
    line = note.NoteSignature("x", b"1234", b"\x7f" + bytes(71))
    with pytest.raises(EvidenceBroken, match="out of range"):
        _ = line.at
