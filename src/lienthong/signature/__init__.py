"""Signatures inside documents: the leader's, then the agency's seal, in two steps each; and the check of both.

What writes into a PDF, with a whole imaging library behind it, is loaded when it is first asked for: a process that
seldom signs does not carry it.
"""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

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
from lienthong.signature.validate import conclude, validate

if TYPE_CHECKING:
    from lienthong.signature.filling import Field, Written, append_fields, fields_of, fill_fields
    from lienthong.signature.levels import complete_stamp, prepare_stamp, with_proofs
    from lienthong.signature.pictures import leader_picture, seal_picture
    from lienthong.signature.revision import fill
    from lienthong.signature.signing import complete, prepare, sign

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
    "complete_stamp",
    "conclude",
    "fields_of",
    "fill",
    "fill_fields",
    "leader_picture",
    "prepare",
    "prepare_stamp",
    "seal_picture",
    "sign",
    "validate",
    "with_proofs",
]
_WRITING = MappingProxyType(
    {
        "filling": ("Field", "Written", "append_fields", "fields_of", "fill_fields"),
        "levels": ("complete_stamp", "prepare_stamp", "with_proofs"),
        "pictures": ("leader_picture", "seal_picture"),
        "revision": ("fill",),
        "signing": ("complete", "prepare", "sign"),
    }
)
"""Which module has which name; the same as the imports for the type checker above."""

if not TYPE_CHECKING:  # to the type checker every name is there, and none it does not know

    def __getattr__(name: str) -> object:
        """A name of a module not loaded yet (PEP 562)."""
        for module, names in _WRITING.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
