"""Where the client goes: public https and, by setting, this machine; nowhere else, whatever names say."""

import pytest

from kit.http.client import GuardedClient
from kit.http.doors import Doors
from kit.http.errors import AddressRefused, RedirectedTooFar, Unreachable
from kit.http.urls import parse
from tests.kit.http.names import Names
from tests.stand_ins import answer, by_path, redirect, serving

NODE = "https://node.example"


def client(names: Names | None = None, *, allow_loopback: bool = True) -> GuardedClient:
    return GuardedClient(NODE, allow_loopback=allow_loopback, resolver=names or Names())


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://a.example:22/",
        "https://a.example:80/",
        "https://a.example:6379/",
        "http://10.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[64:ff9b::7f00:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://user@a.example/",
    ],
)
@pytest.mark.parametrize("allow_loopback", [True, False])
async def test_refused_before_any_connection(url: str, allow_loopback: bool) -> None:
    names = Names(a_example=["127.0.0.1"])
    for address in ("10.0.0.1", "169.254.169.254", "64:ff9b::7f00:1", "::ffff:7f00:1", "0.0.0.0"):  # noqa: S104
        names.answers[address] = [address]
    async with client(names, allow_loopback=allow_loopback) as http:
        with pytest.raises(AddressRefused):
            await http.get(url)
        with pytest.raises(AddressRefused):
            await http.post(url, b"x")


async def test_this_machine_only_where_a_setting_says_so() -> None:
    async with serving(answer(b"{}")) as there, client(allow_loopback=False) as closed, client() as opened:
        for url in (there.url, f"http://localhost:{there.port}", f"https://127.0.0.1:{there.port}"):
            with pytest.raises(AddressRefused):
                await closed.get(url)
        assert there.lines == 0
        assert (await opened.get(there.url)).status == 200
        assert (await opened.get(f"http://localhost:{there.port}")).status == 200
        assert there.asked[-1].headers["host"] == f"localhost:{there.port}"


async def test_loopback_over_ipv6() -> None:
    async with serving(answer(b"{}"), host="::1") as there, client() as http:
        assert (await http.get(f"http://[::1]:{there.port}/")).status == 200
        assert (await http.get(f"http://localhost:{there.port}/")).status == 200


async def test_localhost_is_not_asked_of_a_name_server() -> None:
    names = Names(localhost=["1.1.1.1"])
    async with serving(answer(b"{}")) as there, client(names) as http:
        await http.get(f"http://localhost:{there.port}")
    assert names.asked == []


@pytest.mark.parametrize("found", [["127.0.0.1"], ["::1"], ["1.1.1.1", "192.168.0.1"], ["fd00::1"]])
@pytest.mark.parametrize("allow_loopback", [True, False])
async def test_a_public_name_never_leads_inside(found: list[str], allow_loopback: bool) -> None:
    async with client(Names(evil_example=found), allow_loopback=allow_loopback) as http:
        with pytest.raises(AddressRefused):
            await http.get("https://evil.example/")


async def test_a_name_is_looked_up_once_per_connection() -> None:
    """A name that answers well the first time and badly the second gains nothing: nobody asks again."""
    names = Names(evil_example=["1.1.1.1", "10.0.0.1"])
    names.then["evil.example"] = ["1.1.1.1"]
    async with client(names) as http:
        with pytest.raises(AddressRefused):
            await http.get("https://evil.example/")
    assert names.asked == ["evil.example"]


async def test_unknown_names_are_unreachable() -> None:
    async with client() as http:
        with pytest.raises(Unreachable):
            await http.get("https://nowhere.example/")


def test_a_public_address_never_redirects_to_this_machine() -> None:
    doors, here = Doors(Names(), allow_loopback=True), parse("http://127.0.0.1:8101/")
    doors.check(here, came_from=here)
    with pytest.raises(AddressRefused):
        doors.check(here, came_from=parse("https://a.example/"))


async def test_redirects_are_followed_and_signed_hop_by_hop() -> None:
    signed: list[str] = []

    def sign(_method: str, url: str, _headers: object, _body: bytes) -> dict[str, str]:
        signed.append(url)
        return {"signature": url}

    paths = {"/1": redirect("/2"), "/2": redirect("3", status=307), "/3": redirect("4"), "/4": answer(b"end")}
    async with serving(by_path(paths)) as there, client() as http:
        got = await http.get(f"{there.url}/1", sign=sign)
    assert (got.body, got.url) == (b"end", f"{there.url}/4")
    assert signed == [f"{there.url}/{step}" for step in (1, 2, 3, 4)]
    assert [asked.headers["signature"] for asked in there.asked] == signed


async def test_the_fourth_redirect_is_one_too_many() -> None:
    async with serving(redirect("/again")) as there, client() as http:
        with pytest.raises(RedirectedTooFar):
            await http.get(there.url)
    assert len(there.asked) == 4


@pytest.mark.parametrize(
    "location",
    ["http://10.0.0.1/", "http://a.example/", "https://a.example:25/", "file:///etc/passwd", "x://y"],
)
async def test_each_hop_is_checked(location: str) -> None:
    async with serving(redirect(location)) as there, client() as http:
        with pytest.raises(AddressRefused):
            await http.get(there.url)
    assert len(there.asked) == 1


async def test_a_post_is_never_sent_on() -> None:
    async with serving(redirect("/elsewhere", status=307)) as there, client() as http:
        got = await http.post(f"{there.url}/inbox", b"signed")
    assert got.status == 307
    assert [asked.path for asked in there.asked] == ["/inbox"]


async def test_only_the_first_origin_sees_the_authorization() -> None:
    async with serving(answer(b"end")) as other, client() as http:
        paths = {"/1": redirect("/2"), "/2": redirect(other.url)}
        async with serving(by_path(paths)) as there:
            await http.get(f"{there.url}/1", headers={"Authorization": "Bearer x"})
    assert [asked.headers.get("authorization") for asked in there.asked] == ["Bearer x", "Bearer x"]
    assert "authorization" not in other.asked[0].headers
