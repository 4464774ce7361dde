"""A page is filled in again: each kept form is found on it by where it goes, what its buttons do, what it is about.

The page's HTML is read and written by lxml, only when something is kept for it. What is told beside the forms is
drawn by templates (`unsent/*.html`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from lxml import html

from apps.unsent import note
from apps.unsent.keeping import OURS, Typed

WORDS = frozenset({"text", "date", "number", "email", "search", "tel", "url", "time", "month"})
"""Types of an input into which somebody types, beside a textarea."""
TYPED = WORDS | {"textarea"}
CONTROLS = ("input", "textarea", "select", "button")


@dataclass(slots=True)
class Page:
    """A page with its forms; a form is filled in once."""

    address: str
    tree: html.HtmlElement
    taken: set[html.HtmlElement] = field(default_factory=set)

    def fill(self, typed: Typed) -> Filled | None:
        """Put it into its form, of several the one with the most of its fields; None where none is, or is left."""
        fitting = (one for one in self.tree.forms if one not in self.taken and self._is(one, typed))
        form = max(fitting, key=lambda one: len(_names(one) & typed.fields.keys()), default=None)
        if form is None:
            return None
        self.taken.add(form)
        return Filled(form, _filled(form, typed), _asks(form))

    def _is(self, form: html.FormElement, typed: Typed) -> bool:
        goes = [form.action or self.address, *(one.get("formaction", "") for one in form.iter("button"))]
        addresses = {urlsplit(urljoin(self.address, one)).path for one in goes if one}
        return form.method == "POST" and typed.address in addresses and _fits(form, typed)

    def before(self, drawn: str) -> None:
        """Put it before all that the page says."""
        for main in self.tree.iter("main"):
            main.insert(0, html.fragment_fromstring(drawn))

    def __str__(self) -> str:
        return str(html.tostring(self.tree, encoding="unicode", doctype="<!doctype html>"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A form of the page; whether filling it in changed anything, and whether anything is typed in such a form."""

    form: html.FormElement
    changed: bool
    asks: bool

    def rest(self, typed: Typed) -> Typed:
        """What the form has no fields for, as rows that were added to it."""
        names = _names(self.form)
        return replace(typed, fields={name: values for name, values in typed.fields.items() if name not in names})

    def mark(self, typed: Typed) -> None:
        """What is sent of it next takes the place of what is kept."""
        self.form.append(html.Element("input", type="hidden", name=note.KEPT, value=str(typed.number)))

    def tell(self, above: str, below: str) -> None:
        """Say so at the form. The button comes last: Enter presses a form's first one."""
        self.form.insert(0, html.fragment_fromstring(above))
        self.form.append(html.fragment_fromstring(below))


def page_of(address: str, text: str) -> Page:
    """The page that was answered at an address."""
    return Page(address, html.document_fromstring(text))


def _controls(form: html.FormElement, *tags: str) -> Iterable[html.HtmlElement]:
    return (one for one in form.iter(*tags) if one.get("name") and one.get("name") not in OURS)


def _names(form: html.FormElement) -> set[str]:
    return {one.get("name") for one in _controls(form, *CONTROLS)}


def _type(control: html.HtmlElement) -> str:
    return str(control.get("type", "text")).lower() if control.tag == "input" else str(control.tag)


def _fits(form: html.FormElement, typed: Typed) -> bool:
    asked = {one.get("name") for one in _controls(form, "input", "textarea") if _type(one) in TYPED}
    return asked <= typed.fields.keys() and _does(form, typed) and _about(form, typed)


def _does(form: html.FormElement, typed: Typed) -> bool:
    """Whether the button that was pressed is one of the form's."""
    offered: dict[str, set[str]] = {}
    for button in _controls(form, "button"):
        offered.setdefault(button.get("name"), set()).add(button.get("value", ""))
    return all(set(typed.fields.get(name, ())) <= values for name, values in offered.items())


def _about(form: html.FormElement, typed: Typed) -> bool:
    """Whether it is about the same thing: its hidden fields say so, but for what is made anew with each page."""
    hidden = (one for one in _controls(form, "input") if _type(one) == "hidden" and "data-anew" not in one.attrib)
    return all(one.get("value", "") in typed.fields.get(one.get("name"), ()) for one in hidden)


def _asks(form: html.FormElement) -> bool:
    return any(_type(one) in TYPED for one in _controls(form, "input", "textarea"))


def _filled(form: html.FormElement, typed: Typed) -> bool:
    left = {name: list(values) for name, values in typed.fields.items()}
    changed = [_put(one, left) for one in _controls(form, "input", "textarea", "select")]
    return any(changed)


def _put(control: html.HtmlElement, left: dict[str, list[str]]) -> bool:
    """Put into one field what was in it; whether that changed what a person sees there, unfolded for it."""
    put: Callable[[html.HtmlElement, list[str]], bool] | None = PUTS.get(_type(control))
    changed = put(control, left.setdefault(control.get("name"), [])) if put else False
    for fold in control.iterancestors("details") if changed else ():
        fold.set("open", "")
    return changed


def _words(control: html.HtmlElement, values: list[str]) -> bool:
    if not values:
        return False
    before, after = _lines(control.value or ""), _lines(values.pop(0))
    if before != after:
        control.value = after
    return before != after


def _lines(text: str) -> str:
    """Browsers send CRLF and drop the first newline of a textarea."""
    return text.replace("\r\n", "\n").removeprefix("\n")


def _ticked(control: html.HtmlElement, values: list[str]) -> bool:
    before, after = control.checked, control.get("value", "on") in values
    control.checked = after
    return bool(before) != after


def _chosen(control: html.HtmlElement, values: list[str]) -> bool:
    """A choice that is offered no more is let go."""
    options = list(control.iter("option"))
    before = [one for one in options if "selected" in one.attrib] or ([] if control.multiple else options[:1])
    after = [one for one in options if one.get("value", (one.text or "").strip()) in values]
    if not after or before == after:
        return False
    for one in options:
        one.attrib.pop("selected", None)
    for one in after:
        one.set("selected", "")
    return True


def _anew(control: html.HtmlElement, values: list[str]) -> bool:
    """The id of what is to be stays, so that a form sent twice makes one thing."""
    if values and "data-anew" in control.attrib:
        control.set("value", values[0])
    return False


PUTS: dict[str, Callable[[html.HtmlElement, list[str]], bool]] = {
    **dict.fromkeys([*WORDS, "textarea"], _words),
    "checkbox": _ticked,
    "radio": _ticked,
    "select": _chosen,
    "hidden": _anew,
}
