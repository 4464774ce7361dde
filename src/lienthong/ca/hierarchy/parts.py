"""A passphrase in parts (SLIP-39): words that people write down, and that find their own mistakes."""

from collections.abc import Sequence

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from lienthong.errors import InvalidValue

_MOST = 16
WRONG = (
    "các phần mật khẩu thiếu, sai chữ hoặc của khóa khác; chưa mở khóa nào"
    " / parts are missing, mistyped or of another key; no key was opened"
)


def divided(secret: bytes, need: int, of: int) -> tuple[str, ...]:
    """`of` parts as words, any `need` of which give the secret back (an even number of bytes, at least 16)."""
    if not 2 <= need <= of <= _MOST:
        raise InvalidValue(f"parts: {need}/{of} (2 ≤ m ≤ n ≤ {_MOST})")
    [group] = generate_mnemonics(1, [(need, of)], secret)
    return tuple(group)


def joined(parts: Sequence[str]) -> bytes:
    """The secret. InvalidValue for too few parts, parts of another secret, or a word written wrongly."""
    try:
        return bytes(combine_mnemonics([" ".join(part.split()).lower() for part in parts]))
    except MnemonicError as error:
        raise InvalidValue(f"{WRONG}: {error}") from error
