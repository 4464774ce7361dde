"""Looking a certificate up in the index of revocation, lists of 100 to 300,000 entries, beside going through them."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lienthong.adapters.revocation import RevocationIndex
from lienthong.cli.bench.frame import Outcome, Series, ratio_of
from lienthong.cli.bench.show import Advance

SIZES = (100, 10_000, 300_000)
STEPS = len(SIZES)
_ASKED = 40_000
_THROUGH = 20
_GOAL = 0.77
"""The largest may cost 1.3 times the smallest."""
_MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
_UNIT = "câu hỏi mỗi giây CPU / questions per CPU second"


class _House:
    """An issuer, two of its certificates, and its lists."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Đơn vị cấp mẫu")])
        self.certificate = self._issued(1)
        self.asked = [self._issued(serial) for serial in random.Random(7).sample(range(10, 1 << 40), 50)]

    def _issued(self, serial: int) -> bytes:
        made = x509.CertificateBuilder(self._name, self._name, self._key.public_key(), serial)
        made = made.not_valid_before(_MOMENT - timedelta(days=1)).not_valid_after(_MOMENT + timedelta(days=9))
        return made.sign(self._key, SHA256()).public_bytes(Encoding.DER)

    def listed(self, size: int) -> bytes:
        """A list of so many entries; half of the certificates asked for are on it."""
        serials = [x509.load_der_x509_certificate(each).serial_number for each in self.asked[::2]]
        serials += range(1 << 41, (1 << 41) + size - len(serials))
        rows = [x509.RevokedCertificateBuilder(serial, _MOMENT).build() for serial in serials]
        number = x509.Extension(x509.CRLNumber.oid, critical=False, value=x509.CRLNumber(size))
        made = x509.CertificateRevocationListBuilder(self._name, _MOMENT, _MOMENT + timedelta(days=7), [number], rows)
        return made.sign(self._key, SHA256()).public_bytes(Encoding.DER)


def compare(runs: int, advance: Advance) -> Outcome:
    """Questions a second of processor time for each size of list, and for going through the largest."""
    house, indexes, largest = _House(), [], b""
    for size in SIZES:
        advance(f"danh sách / list {size:,}")
        largest = house.listed(size)
        index = RevocationIndex([house.certificate])
        index.take(largest, _MOMENT)
        indexes.append(index)
    rates: list[list[float]] = [[] for _ in SIZES]
    through = []
    listed = x509.load_der_x509_crl(largest)
    for run in range(runs):
        advance(f"{run + 1}/{runs}")
        for place, index in enumerate(indexes):
            rates[place].append(_rate(index, house))
        through.append(_gone_through(listed, house.asked))
    small, middle, large = (
        Series(f"{size:,} dòng / entries", _UNIT, tuple(values)) for size, values in zip(SIZES, rates, strict=True)
    )
    linear = Series("cryptography, lần lượt / row by row", _UNIT, tuple(through))
    return Outcome(
        "signature revocation",
        {"sizes": ", ".join(map(str, SIZES)), "runs": runs, "questions": _ASKED},
        (large, middle, small, linear),
        (ratio_of("300,000 ÷ 100", large, small, _GOAL), ratio_of("÷ cryptography", large, linear)),
    )


def _rate(index: RevocationIndex, house: _House) -> float:
    begun = time.process_time()
    for _ in range(_ASKED // len(house.asked)):
        for each in house.asked:
            index.of(each, house.certificate, _MOMENT)
    return _ASKED / (time.process_time() - begun)


def _gone_through(listed: x509.CertificateRevocationList, asked: Sequence[bytes]) -> float:
    serials = [x509.load_der_x509_certificate(each).serial_number for each in asked[1::2]][:_THROUGH]
    begun = time.process_time()
    for serial in serials:
        listed.get_revoked_certificate_by_serial_number(serial)
    return len(serials) / (time.process_time() - begun)
