"""Every screen of the house, and an address where a browser can see it."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from kit.features import fold
from kit.web import Door
from node.demo.steps import ask
from node.demo.village import DemoNode
from node.features import FEATURES
from tests.browser import at_the_till, between_nodes, of_sales

Example = Callable[[DemoNode, Page], str]
NOT_SCREENS = {
    "agenda.json",
    "agenda.ics",
    "agenda.rss",
    "agenda.event_ics",
    "agenda.admin.csv",
    "people.journal_csv",
    "people.export_me",
    "people.demo_mail",
    "wallet.export",
    "wallet.my_statement",
    "wallet.my_table",
    *between_nodes.FILES,
    *of_sales.FILES,
    *at_the_till.FILES,
}
"""Page doors that answer with a file, or with a mail as a mail program shows it."""


def _own_event(node: DemoNode) -> dict[str, Any]:
    items = ask(node, "GET", "/api/v1/events?limit=50")["items"]
    found: dict[str, Any] = next(one for one in items if one["status"] == "published")
    return found


def _first(node: DemoNode, path: str) -> str:
    return str(ask(node, "GET", path)["items"][0]["id"])


def _own_currency(node: DemoNode) -> str:
    assets = ask(node, "GET", "/api/v1/assets")["items"]
    return f"/admin/money/currencies/{next(one['id'] for one in assets if one['issuer'] == node.url)}"


def _village(node: DemoNode) -> str:
    return f"/admin/village/{_first(node, '/api/v1/villages')}"


def _peer(node: DemoNode) -> str:
    return _first(node, "/api/v1/peers")


def _wallet(node: DemoNode) -> str:
    """The one that moved last: its number is in the newest line of the ledger."""
    return f"/admin/money/wallets/{ask(node, 'GET', '/api/v1/cards')['items'][0]['wallet']}"


def _own_card(node: DemoNode) -> str:
    """A new card, given to whoever looks."""
    card = ask(node, "POST", "/api/v1/cards", {"chip": "qr"})
    ask(node, "POST", f"/api/v1/cards/{card['id']}/link", {"person": ask(node, "GET", "/api/v1/me")["id"]})
    return f"/my/cards/{card['id']}"


def _spend(node: DemoNode) -> str:
    """A payment that nothing has given back."""
    lines = ask(node, "GET", "/api/v1/statements?limit=200")["items"]
    refunds = [one["transfer"] for one in lines if one["kind"] == "refund"]
    undone = {ask(node, "GET", f"/api/v1/transfers/{one}")["refers"] for one in refunds}
    spends = (one["transfer"] for one in lines if one["kind"] == "spend" and one["transfer"] not in undone)
    return f"/admin/money/transfers/{next(spends)}"


def _deal(node: DemoNode, *, is_ours: bool) -> dict[str, Any]:
    """An agreement with a neighbour; the nodes of a demonstration agree soon after they met."""
    for _try in range(720):  # six minutes: who found the other one asleep asks again after five
        items = ask(node, "GET", "/api/v1/village/agreements")["items"]
        for one in items:
            if (one["issuer"] == node.url) == is_ours:
                return dict(one)
        time.sleep(0.5)
    raise AssertionError("no neighbour agreed")


def _terms(node: DemoNode, *, is_ours: bool = True) -> str:
    deal = _deal(node, is_ours=is_ours)
    return f"/admin/money/village/terms/{deal['peer'].partition('://')[2]}/{deal['asset']}"


def _grant(node: DemoNode) -> str:
    deal = _deal(node, is_ours=True)
    host = deal["peer"].partition("://")[2]
    grant = ask(node, "POST", "/api/v1/village/grants", {"peer": host, "asset": deal["asset"]})
    return f"/admin/money/village/grants/{grant['id']}/end"


def _linked(node: DemoNode, page: Page, start: str, link: str) -> str:
    page.goto(node.url + start)
    addresses = [one.get_attribute("href") or "" for one in page.locator(link).all()]
    return next(one for one in addresses if not one.endswith("/new"))


def _till(node: DemoNode) -> str:
    """A till, paired now."""
    body = {"code": node.secrets["till_pairing_code"], "name": "Tablette du bar"}
    return f"/admin/tills/{ask(node, 'POST', '/api/pos/v1/pairings', body)['device']['id']}"


def _code_page(node: DemoNode, page: Page) -> str:
    page.goto(node.url + "/sign-in")
    page.fill("[name=email]", "colette@escargotiere.example")
    page.press("[name=email]", "Enter")
    page.wait_for_url("**/sign-in/code/*")
    return page.url.removeprefix(node.url)


EXAMPLES: dict[str, Example] = {
    **between_nodes.EXAMPLES,
    **of_sales.EXAMPLES,
    **at_the_till.EXAMPLES,
    "agenda.event": lambda node, _: _own_event(node)["url"].removeprefix(node.url),
    "agenda.admin.event": lambda node, _: f"/admin/events/{_own_event(node)['id']}",
    "agenda.admin.edit": lambda node, _: f"/admin/events/{_own_event(node)['id']}/edit",
    "agenda.admin.ask": lambda node, _: f"/admin/events/{_own_event(node)['id']}/ask/cancel",
    "agenda.admin.place": lambda node, _: f"/admin/places/{_first(node, '/api/v1/places')}",
    "agenda.admin.tag": lambda node, _: f"/admin/tags/{_first(node, '/api/v1/tags')}",
    "federation.villages.one": lambda node, _: _village(node),
    "federation.villages.ask_leave": lambda node, _: f"{_village(node)}/leave",
    "federation.villages.ask_remove": lambda node, _: f"{_village(node)}/members/{_peer(node)}/removal",
    "federation.peers.one": lambda node, _: f"/admin/peers/{_peer(node)}",
    "federation.peers.ask_stop": lambda node, _: f"/admin/peers/{_peer(node)}/stop",
    "federation.peers.ask_block": lambda node, _: f"/admin/peers/{_peer(node)}/block",
    "node.help_page": lambda node, _: "/help/public",
    "node.settings_part": lambda node, _: "/admin/settings/look",
    "node.setup": lambda node, _: "/setup/address",
    "people.demo_link": lambda node, _: node.secrets["member_sign_in"],
    "people.person": lambda node, page: _linked(
        node, page, "/admin/people", "main a[href^='/admin/people/']"
    ),
    "people.code": lambda node, page: _code_page(node, page),
    "people.link": lambda node, _: "/sign-in/link/unknown",
    "wallet.currency": lambda node, _: _own_currency(node),
    "wallet.currency_ask": lambda node, _: f"{_own_currency(node)}/archive",
    "wallet.wallet": lambda node, _: _wallet(node),
    "wallet.top_up_form": lambda node, _: f"{_wallet(node)}/top-up",
    "wallet.gift_form": lambda node, _: f"{_wallet(node)}/gift",
    "wallet.cash_out_form": lambda node, _: f"{_wallet(node)}/cash-out",
    "wallet.transfer": lambda node, _: _spend(node),
    "wallet.refund_form": lambda node, _: f"{_spend(node)}/refund",
    "wallet.correct_form": lambda node, _: f"{_spend(node)}/correct",
    "wallet.ask_leave": lambda node, _: _own_card(node) and "/my/money/leave",
    "wallet.ask_lost": lambda node, _: f"{_own_card(node)}/lost",
    "wallet.card_page": lambda node, _: f"/c/{ask(node, 'GET', '/api/v1/cards')['items'][0]['code']}",
    "wallet.card": lambda node, _: f"/admin/money/cards/{_first(node, '/api/v1/cards')}",
    "wallet.card_whose": lambda node, _: f"/admin/money/cards/{_first(node, '/api/v1/cards')}/link",
    "wallet.card_other": lambda node, _: f"/admin/money/cards/{_first(node, '/api/v1/cards')}/replace",
    "wallet.village_terms_one": lambda node, _: _terms(node).rpartition("/")[0],
    "wallet.village_terms_limits": lambda node, _: _terms(node),
    "wallet.village_terms_ask": lambda node, _: f"{_terms(node, is_ours=False)}/take",
    "wallet.village_grant_ask": lambda node, _: _grant(node),
    "pos_api.device": lambda node, _: _till(node),
    "pos_api.device_ask_revoke": lambda node, _: f"{_till(node)}/revoke",
    "pos_api.operator": lambda node, page: _linked(
        node, page, "/admin/tills/operators", "td a[href^='/admin/tills/operators/']"
    ),
    "wallet.batch": lambda node, page: _linked(node, page, "/admin/money/batches", "td a"),
}
MORE: dict[str, Example] = {
    "agenda filtered": lambda node, _: "/agenda?q=soupe&free=true",
    "agenda empty": lambda node, _: "/agenda?q=rienquiressemble",
    "desk of drafts": lambda node, _: "/admin/events?tab=draft",
    "ask delete": lambda node, _: f"/admin/events/{_own_event(node)['id']}/ask/delete",
    "ask postpone": lambda node, _: f"/admin/events/{_own_event(node)['id']}/ask/postpone",
    "settings name": lambda node, _: "/admin/settings/name",
    "settings address": lambda node, _: "/admin/settings/address",
    "pause a currency": lambda node, _: f"{_terms(node)}/pause",
    "take an offer back": lambda node, _: f"{_terms(node)}/withdraw",
    "help of the collective": lambda node, _: "/help/collective",
}


def doors() -> list[Door]:
    """The page doors that a person may look at."""
    every = fold(FEATURES).doors.values()
    return [
        door
        for door in every
        if door.kind == "page" and door.method == "GET" and door.name not in NOT_SCREENS
    ]


def is_public(name: str) -> bool:
    """Whether a stranger may see this screen."""
    found = next((door for door in doors() if door.name == name), None)
    return found.needs == "public" if found else name.startswith(("agenda", "help"))


def names() -> list[str]:
    """Every screen, by name."""
    return sorted(door.name for door in doors()) + list(MORE)


def address(name: str, node: DemoNode, page: Page) -> str:
    """Where this screen is at this node; found once per node."""
    key = f"{node.url} {name}"
    if key not in _found:
        example = EXAMPLES.get(name) or MORE.get(name)
        _found[key] = example(node, page) if example else _plain(name)
    return node.url + _found[key]


def _plain(name: str) -> str:
    return next(door.path for door in doors() if door.name == name)


_found: dict[str, str] = {}
