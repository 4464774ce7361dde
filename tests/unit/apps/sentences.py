"""Every Vietnamese sentence of the page, read from its sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import apps

ROOT = Path(apps.__file__).parent
TAG = re.compile(r"""\{%\s*t\s+(?:"([^"]+)"|'([^']+)')""")
LABEL = re.compile(r'label="([^"{]+)"')
MARKED = re.compile("[à-ỹÀ-ỸđĐ]")
NO_PAGES = {"migrations", "filling", "month"}
"""Folders that say nothing on a page: changes of tables, and what sample documents are made of."""
BOTH = " / "
"""What stands between the two languages in the detail of an error."""


def in_templates() -> set[str]:
    """Sentences of `{% t %}` and labels handed to included templates."""
    texts = [path.read_text("utf-8") for path in ROOT.rglob("templates/**/*.html")]
    found = {a or b for text in texts for a, b in TAG.findall(text)}
    return found | {
        label for text in texts for label in LABEL.findall(text) if "include" in text and MARKED.search(label)
    }


def in_code() -> set[str]:
    """Arguments of `t`, and every literal with a Vietnamese letter that is not a docstring."""
    return {
        text
        for path in ROOT.rglob("*.py")
        if not NO_PAGES & set(path.parts) and path.name != "english.py"
        for text in _of(path)
    }


def _of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {id(part) for node in ast.walk(tree) for part in _not_sentences(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
            and MARKED.search(node.value)
            and BOTH not in node.value
        ):
            yield node.value


def _not_sentences(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, pieces of f-strings, and help of commands, which is in both languages already."""
    if (
        isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    ):
        yield node.body[0].value
    if isinstance(node, ast.JoinedStr):
        yield from node.values
    if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "help" for t in node.targets):
        yield node.value
