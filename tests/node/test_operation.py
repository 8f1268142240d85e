"""What an operator's machines ask, what a reader chooses, and what a wrong address answers."""

import gzip
import io
import re
import tarfile
from dataclasses import replace

import msgspec
import pytest
from starlette.testclient import TestClient

from config.settings import ServerSettings
from kit.app import App
from node.app import create_app
from node.features import FEATURES
from tests.doors.knocking import named
from tests.nodes import URL

HERE, AFAR = "127.0.0.1", "203.0.113.9"


def browser_at(app: App, address: str = HERE, **server: object) -> TestClient:
    """A browser on another machine, of a node with these server settings."""
    changed = msgspec.convert(msgspec.to_builtins(app.settings.server) | server, ServerSettings)
    app.settings = msgspec.structs.replace(app.settings, server=changed)
    asgi = create_app(app.settings, FEATURES, app=app)
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    return TestClient(asgi, base_url=URL, client=(address, 5000), headers=headers, follow_redirects=False)


def test_alive(client: TestClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")


def test_not_ready_names_what_is_missing(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] is True
    assert answer.json()["scheduler"] is False


def test_figures_are_for_this_machine(app: App) -> None:
    near = browser_at(app)
    near.get("/agenda")
    figures = near.get("/metrics")
    assert figures.status_code == 200
    assert 'hameau_requests_total{method="GET",status="200"}' in figures.text


def test_figures_are_not_for_others(app: App) -> None:
    refused = browser_at(app, AFAR).get("/metrics")
    assert (refused.status_code, named(refused)) == (403, "forbidden")


def test_a_proxy_that_nobody_declared_does_not_open_the_figures(app: App) -> None:
    refused = browser_at(app).get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})
    assert (refused.status_code, named(refused)) == (403, "forbidden")


def test_figures_behind_a_proxy_need_their_token(app: App) -> None:
    behind = {"trusted_proxies": [HERE], "metrics_token": "figures-" * 6}
    proxy = browser_at(app, HERE, **behind)
    assert proxy.get("/metrics").status_code == 403
    assert proxy.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
    assert proxy.get("/metrics", headers={"authorization": "Bearer " + "figures-" * 6}).status_code == 200


def test_without_a_token_set_none_opens_the_figures(app: App) -> None:
    afar = browser_at(app, AFAR)
    for given in ("", "Bearer ", "Bearer None"):
        assert afar.get("/metrics", headers={"authorization": given}).status_code == 403


@pytest.mark.parametrize("told", [HERE, "::1", f"{HERE}, {HERE}", "localhost", ""])
def test_a_stranger_cannot_claim_to_be_near(app: App, told: str) -> None:
    afar = browser_at(app, AFAR)
    assert afar.get("/metrics", headers={"x-forwarded-for": told}).status_code == 403


def test_the_source_is_one_click_away(client: TestClient) -> None:
    for page in ("/", "/agenda", "/help", "/sign-in"):
        assert 'href="/source"' in client.get(page).text
    assert "AGPL" in client.get("/source").text
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in client.get("/source/licence").text


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_archive_holds_the_source_and_no_secret(client: TestClient) -> None:
    answer = client.get("/source/hameau.tar.gz")
    assert answer.headers["content-type"] == "application/gzip"
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(answer.content))) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"LICENSE", "pyproject.toml", "node/app.py", "kit/web/endpoint.py", "templates/base.html"} <= names
    assert not [name for name in names if re.search(r"secrets|\.db$|\.venv|__pycache__|node\.toml$", name)]


def test_the_reader_chooses_the_language(client: TestClient) -> None:
    answer = client.post("/preferences/language", data={"choice": "fr", "back": "/agenda?q=soupe"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/agenda?q=soupe")
    assert '<html lang="fr"' in client.get("/agenda").text
    client.post("/preferences/language", data={"choice": "en"})
    assert '<html lang="en"' in client.get("/agenda").text


def test_the_reader_chooses_the_colours(client: TestClient) -> None:
    client.post("/preferences/theme", data={"choice": "evening", "back": "/"})
    assert 'data-theme="evening"' in client.get("/").text


@pytest.mark.parametrize("kind", ["language", "theme"])
@pytest.mark.parametrize("choice", ["de", "", "../..", "fr;path=/"])
def test_an_unknown_choice_is_not_kept(client: TestClient, kind: str, choice: str) -> None:
    answer = client.post(f"/preferences/{kind}", data={"choice": choice})
    assert answer.status_code in {303, 422}
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["language", "theme"])
@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/%0d%0aset-cookie:a=b",
        "/\r\nset-cookie: a=b",
        "javascript:alert(1)",
        " //evil.example",
        "evil",
    ],
)
def test_a_choice_never_leads_elsewhere(client: TestClient, kind: str, back: str) -> None:
    answer = client.post(f"/preferences/{kind}", data={"choice": "fr", "back": back})
    where = answer.headers.get("location", "/")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))
    assert not re.search(r"[\t\r\n]", where)
    assert "a" not in answer.cookies


def test_another_site_cannot_choose(client: TestClient) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
    ):
        answer = client.post("/preferences/language", data={"choice": "fr"}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/nowhere", "text/html"),
        ("/agenda/nowhere", "text/html"),
        ("/api/v1/nowhere", "application/problem+json"),
        ("/.well-known/nowhere", "application/problem+json"),
        ("/static/nowhere.css", "text/html"),
        ("/admin/people/not-an-id", "text/html"),
    ],
)
def test_a_wrong_address_is_named(client: TestClient, path: str, kind: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(kind)
    if kind.startswith("text/html"):
        assert "<h1>" in answer.text
        assert 'href="/"' in answer.text
    else:
        assert named(answer) == "not found"


def test_an_error_page_speaks_the_readers_language(client: TestClient) -> None:
    assert '<html lang="fr"' in client.get("/nowhere", headers={"accept-language": "fr"}).text
    assert '<html lang="en"' in client.get("/nowhere", headers={"accept-language": "en"}).text


def test_a_refusal_of_the_api_speaks_the_readers_language(client: TestClient) -> None:
    asked = {"fr": "Cette page n’existe pas.", "de, fr;q=0.5": "Cette page n’existe pas."}
    for language, sentence in asked.items():
        told = client.get("/api/nowhere", headers={"accept-language": language}).json()
        assert told["detail"] == sentence
    assert client.get("/api/nowhere").json()["detail"] == "This page does not exist."


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_named(client: TestClient, method: str) -> None:
    page, api = client.request(method, "/agenda"), client.request(method, "/api/v1/events")
    assert page.status_code == 405
    assert "GET" in page.headers["allow"]
    assert (api.status_code, named(api)) == (405, "method not allowed")


def test_an_error_says_no_secret(app: App) -> None:
    def break_it(*_: object) -> None:
        raise LookupError("the password of the safe")

    broken = replace(app.house.doors["node.help"], run=break_it)
    app.house = replace(app.house, doors={**app.house.doors, broken.name: broken})
    asgi = create_app(app.settings, FEATURES, app=app)
    browser = TestClient(asgi, base_url=URL, raise_server_exceptions=False)
    answer = browser.get("/help")
    assert answer.status_code == 500
    assert "safe" not in answer.text
    assert answer.headers.get("x-request-id") or "<code>" in answer.text


@pytest.mark.parametrize("cookie", ["x", "e30.e30.e30", "a" * 4000, "null", "%00", "eyJ0ZXh0IjoiZXZpbCJ9"])
def test_a_notice_that_we_did_not_seal_is_not_shown(client: TestClient, cookie: str) -> None:
    client.cookies.set("notice", cookie)
    page = client.get("/agenda")
    assert page.status_code == 200
    assert 'id="toast"' not in page.text


def test_a_notice_is_said_once(app: App, client: TestClient) -> None:
    client.cookies.set("notice", app.seal.close("notice", '{"text": "<b>C’est fait</b>", "undo": ""}'))
    first = client.get("/agenda")
    assert "&lt;b&gt;C’est fait" in first.text
    assert 'notice="";' in first.headers["set-cookie"]


def test_a_seal_of_another_kind_is_no_notice(app: App, client: TestClient) -> None:
    client.cookies.set("notice", app.seal.close("other", '{"text": "Ruse", "undo": "/sign-out"}'))
    assert "Ruse" not in client.get("/agenda").text


def test_every_answer_wears_its_armour(client: TestClient) -> None:
    for path in ("/", "/agenda", "/nowhere", "/api/v1/events", "/static/css/base.css", "/healthz"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
    assert "frame-ancestors *" in client.get("/agenda/embed").headers["content-security-policy"]


def test_a_path_cannot_leave_the_house(client: TestClient) -> None:
    for path in ("/static/%2e%2e/LICENSE", "/static/..%2f..%2fLICENSE", "/files/..%2fnode.toml"):
        assert client.get(path).status_code == 404, path


def test_browsers_and_search_engines_find_what_they_ask_for(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["location"] == "/static/icon.svg"
    rules = client.get("/robots.txt").text
    assert "Disallow: /admin\n" in rules
    assert "Disallow: /my\n" in rules


def test_feeds_refuse_in_the_words_of_machines(client: TestClient) -> None:
    for address in ("/agenda.json?from=demain", "/agenda.rss?page=zero"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
