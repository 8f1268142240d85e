"""The till's page and its shell: public, without data, light, complete in both languages."""

import gzip
import re
from pathlib import Path

from starlette.testclient import TestClient

from kit.assets import STATIC
from pos_api.pages import till

MOST_BYTES = 100_000
KEY = re.compile(r'^  (?:"([^"]+)"|(\w+)):', re.MULTILINE)
HOLE = re.compile(r"\{\w+\}")
SAID = re.compile(r'\bt\("([^"]+)"')


def scripts() -> list[Path]:
    return [path for path in till.files() if path.suffix == ".js"]


def sentences(language: str) -> dict[str, str]:
    """The sentences of a language by name, as its modules write them, one line each."""
    found: dict[str, str] = {}
    for path in sorted(till.TILL.glob(f"words-{language}*.js")):
        for line in path.read_text("utf-8").splitlines():
            if match := KEY.match(line):
                found[match[1] or match[2]] = line[match.end() :]
    return found


def test_the_page_is_public_and_holds_no_data(client: TestClient) -> None:
    page = client.get("/till/")
    assert page.status_code == 200
    assert "connect-src 'self' ws://127.0.0.1:*;" in page.headers["content-security-policy"]
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-cache"


def test_the_worker_keeps_everything_that_the_till_needs(client: TestClient) -> None:
    worker = client.get("/till/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["service-worker-allowed"] == "/till/"
    shell = re.search(r"const SHELL = \[(.*)\];", worker.text)
    assert shell is not None
    addresses = re.findall(r'"([^"]+)"', shell[1])
    missing = [address for address in addresses if client.get(address).status_code != 200]
    assert not missing
    loaded = re.findall(r'(?:href|src)="(/[^"]+)"', client.get("/till/").text)
    bare = {address.partition("?")[0] for address in addresses}
    assert not {address.partition("?")[0] for address in loaded} - bare


def test_the_manifest_opens_the_till(client: TestClient) -> None:
    manifest = client.get("/till/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    told = manifest.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/till/", "/till/", "standalone")
    assert {(one["sizes"], one["purpose"]) for one in told["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "maskable"),
    }
    assert {client.get(one["src"]).status_code for one in told["icons"]} == {200}


def test_the_script_is_light_on_the_wire(client: TestClient) -> None:
    sent = 0
    for path in scripts():
        answer = client.get(f"/static/till/{path.name}", headers={"accept-encoding": "gzip"})
        assert path.stat().st_size < 1000 or answer.headers["content-encoding"] == "gzip"
        sent += len(gzip.compress(answer.content, 6)) if path.stat().st_size >= 1000 else len(answer.content)
    assert sent < MOST_BYTES, f"{sent} bytes of script: take something out"


def test_both_languages_say_the_same_things() -> None:
    french, english = sentences("fr"), sentences("en")
    assert len(french) > 300
    assert french.keys() == english.keys()
    crooked = [name for name in french if set(HOLE.findall(french[name])) != set(HOLE.findall(english[name]))]
    assert not crooked, f"The same blanks in both languages: {crooked}"


def test_every_sentence_that_is_said_is_written() -> None:
    said = {name for path in scripts() for name in SAID.findall(path.read_text("utf-8"))}
    assert not said - sentences("fr").keys()


def test_every_icon_that_is_named_is_drawn() -> None:
    sheets = (till.TILL / "icons.svg", STATIC / "pictures.svg", STATIC / "icons.svg")
    drawn = {
        name for sheet in sheets for name in re.findall(r'<symbol id="([^"]+)"', sheet.read_text("utf-8"))
    }
    named = {
        name
        for path in scripts()
        for pair in re.findall(r'\bicon\("([\w-]+)"|\bicon: "([\w-]+)"', path.read_text("utf-8"))
        for name in pair
        if name
    }
    assert not {name for name in named if name not in drawn and f"b-{name}" not in drawn}
