"""Signatures inside documents: the leader's, then the agency's seal, in two steps each; and the check of both."""

from lienthong.signature.filling import Field, Written, append_fields, fields_of, fill_fields
from lienthong.signature.model import (
    FIELD_NAMES,
    Appearance,
    DocumentSigner,
    LegalValue,
    Note,
    Place,
    Prepared,
    Report,
    Role,
    SignatureFacts,
    Verdict,
)
from lienthong.signature.pictures import leader_picture, seal_picture
from lienthong.signature.signing import complete, prepare, sign
from lienthong.signature.validate import conclude, validate

__all__ = [
    "FIELD_NAMES",
    "Appearance",
    "DocumentSigner",
    "Field",
    "LegalValue",
    "Note",
    "Place",
    "Prepared",
    "Report",
    "Role",
    "SignatureFacts",
    "Verdict",
    "Written",
    "append_fields",
    "complete",
    "conclude",
    "fields_of",
    "fill_fields",
    "leader_picture",
    "prepare",
    "seal_picture",
    "sign",
    "validate",
]
