"""Files as agencies and other software sign them, made once: every level of PAdES, PKCS#7 with a stamp, the SHA-1 era."""

import asyncio
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import core, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PdfByteRangeDigest
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from unit.signature.authority import NOW, YEAR, Soft, authority, leader, name, rsa_key
from unit.signature.documents import composed

AT = NOW + timedelta(minutes=1)


def _private(soft: Soft) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(soft.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@cache
def stamper_certificate(*, critical: bool = True, self_signed: bool = False) -> bytes:
    key, subject = rsa_key("tsa"), name("Dấu thời gian Mẫu")
    issuer, issuer_key = (subject, key) if self_signed else (name("Gốc Mẫu A"), rsa_key("A root"))
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), 77, NOW - YEAR, NOW + YEAR)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return made.add_extension(usage, critical=critical).sign(issuer_key, SHA256()).public_bytes(Encoding.DER)


def stamper(certificate: bytes | None = None, at: datetime = AT, key: str = "tsa") -> Any:
    """A time-stamp authority in the process."""
    soft = Soft(rsa_key(key), certificate or stamper_certificate(), ())
    return timestamps.DummyTimeStamper(asn1.Certificate.load(soft.certificate), _private(soft), fixed_dt=at)


def simple(soft: Soft, *, chain: bool = True) -> SimpleSigner:
    store = SimpleCertificateStore()
    for one in soft.chain if chain else ():
        store.register(asn1.Certificate.load(one))
    return SimpleSigner(asn1.Certificate.load(soft.certificate), _private(soft), store, embed_roots=False)


def signed_by_others(pdf: bytes, soft: Soft, *, stamps: Any = None, chain: bool = True, **meta: Any) -> bytes:
    options = {"field_name": "Signature1", "subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED, **meta}
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    signer = signers.PdfSigner(signers.PdfSignatureMetadata(**options), simple(soft, chain=chain), timestamper=stamps)
    return asyncio.run(signer.async_sign_pdf(writer)).getvalue()


@cache
def as_agencies_sign() -> bytes:
    """PKCS#7 detached, one certificate, a signature time stamp: what is in the field today."""
    return signed_by_others(composed().pdf, leader(), stamps=stamper(), chain=False)


@cache
def old() -> bytes:
    """SHA-1 with RSA in PKCS#7, as around 2016."""
    return signed_by_others(composed().pdf, leader(), md_algorithm="sha1")


@cache
def long_term() -> bytes:
    """PAdES B-LTA: signature stamp, store with chain, document stamp."""
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(authority().root)],
        other_certs=[asn1.Certificate.load(authority().issuing)],
        allow_fetching=False,
        moment=AT,
    )
    return signed_by_others(
        composed().pdf,
        leader(),
        stamps=stamper(),
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
    )


@cache
def bare() -> bytes:
    """adbe.x509.rsa_sha1: PKCS#1 in the dictionary, the certificate beside it."""
    writer = IncrementalPdfFileWriter(BytesIO(composed().pdf), strict=False)
    value = PdfByteRangeDigest(bytes_reserved=2048)
    name_of = generic.pdf_name
    value[name_of("/Type")], value[name_of("/SubFilter")] = name_of("/Sig"), name_of("/adbe.x509.rsa_sha1")
    value[name_of("/Cert")] = generic.ByteStringObject(leader().certificate)
    fields.append_signature_field(writer, fields.SigFieldSpec("Signature1"))
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field[name_of("/V")] = writer.add_object(value)
    writer.update_container(field)
    prepared, out = next(value.fill(writer, "sha1", output=BytesIO()))
    made = leader().key.sign(prepared.document_digest, padding.PKCS1v15(), Prehashed(SHA1()))  # noqa: S303 - that era
    prepared.fill_with_cms(out, core.OctetString(made).dump())
    return out.getvalue()
