"""Reading PDF files for searching, in the real confined child: words are found, bad files cost nothing but their words."""

import pytest

import form_files
from lienthong.adapters.reading import Reader
from lienthong.document.texts import folded

pytestmark = pytest.mark.integration


def test_words_of_good_files_and_none_of_bad_ones() -> None:
    good = form_files.page().pdf
    with Reader() as reader:
        assert "cong hoa xa hoi chu nghia viet nam" in folded(reader.text(good))
        assert reader.text(form_files.locked(good)) == ""
        for bad in (b"", b"%PDF-1.7\n", good[:2000], b"%PDF-1.7\n" + b"[" * 200_000):
            assert "cong hoa" not in folded(reader.text(bad))
        assert "cong hoa" in folded(reader.text(good))
