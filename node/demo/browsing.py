"""A browser without a window: it signs in, opens pages, fills in their forms and sends them, as people do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

from node.demo.asking import new_client
from node.demo.village import DemoNode, DemoTrouble

Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """A form of a page: where it goes, and what it holds when nobody touches it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._text: str | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        said = {name: value if value is not None else "on" for name, value in attrs}
        if tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.found.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, said)

    def _control(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name = said.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in form.fields or "selected" in said):
            form.fields[self._select] = said.get("value", "")
        elif tag == "textarea":
            self._text = name
            form.fields[name] = ""
        elif tag == "input" and name and _counts(said):
            form.fields[name] = said.get("value", "on" if "checked" in said else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text is not None:
            before = self._form.fields[self._text]
            self._form.fields[self._text] = before + data if before else data.removeprefix("\n")


def forms_of(page: str) -> list[Form]:
    """Every form of a page, in order."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


def _counts(said: dict[str, str]) -> bool:
    kind = said.get("type", "text")
    return "checked" in said if kind in {"radio", "checkbox"} else kind != "file"


class Visit:
    """Somebody's browser at one node."""

    def __init__(self, node: DemoNode, link: str) -> None:
        """Sign in with one of the demonstration's links (`admin_sign_in`, …)."""
        self._node, self._path = node, ""
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en", "Accept": "text/html"}
        self._client = new_client(node.url, headers)
        self.page = self.open(node.secrets[link])

    def open(self, path: str) -> str:
        """The page at this address. Raises DemoTrouble when it is refused."""
        return self._read(self._client.get(path))

    def send(self, action: str, values: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> str:
        """Send the form of the open page whose address ends with `action`, filled with `values`.

        Returns the page that follows. Raises DemoTrouble when there is no such form or field, or a refusal.
        """
        form = self._form(action)
        strangers = set(values) - set(form.fields)
        if strangers:
            raise DemoTrouble(f"{self._node.name}: no field {sorted(strangers)} in the form to {form.action}")
        sent = {name: (f"{name}.csv", data) for name, data in (files or {}).items()}
        return self._read(self._client.post(form.action, data=form.fields | dict(values), files=sent or None))

    def _form(self, action: str) -> Form:
        found = forms_of(self.page)
        for form in found:
            form.action = form.action or self._path
        fitting = [one for one in found if one.action.endswith(action) and one.method == "post"]
        if not fitting:
            raise DemoTrouble(f"{self._node.name}: the page has no form to {action}")
        return fitting[0]

    def _read(self, answer: httpx2.Response) -> str:
        if answer.status_code >= 400:
            where = f"{answer.request.method} {answer.url.path}"
            raise DemoTrouble(f"{self._node.name}: {where} answered {answer.status_code}")
        self.page, self._path = answer.text, answer.url.path
        return self.page
