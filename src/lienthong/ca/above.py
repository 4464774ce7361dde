"""The certificate above others, and what stands of it in all of them.

Read once: reading a name, or comparing two certificates, costs more than most of what a certificate costs otherwise.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography import x509


@dataclass(frozen=True, eq=False)
class Above:
    """An issuer's certificate. Known by identity, so that what is remembered about it is found at once."""

    certificate: x509.Certificate

    @cached_property
    def name(self) -> bytes:
        """Its subject, DER: the issuer in what it issues (RFC 5280 §4.1.2.4)."""
        return self.certificate.subject.public_bytes()

    @cached_property
    def identifier(self) -> x509.SubjectKeyIdentifier:
        """Of its key. x509.ExtensionNotFound."""
        return self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value

    @cached_property
    def authority_key(self) -> x509.AuthorityKeyIdentifier:
        """How what it signs names its key (RFC 5280 §4.2.1.1)."""
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self.identifier)

    @cached_property
    def term(self) -> tuple[datetime, datetime]:
        """From when to when it counts, UTC."""
        return self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
