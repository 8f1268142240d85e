"""The agenda as RSS 2.0: what is to come, the latest news first."""

from collections.abc import Sequence
from email.utils import format_datetime
from xml.etree import ElementTree

from agenda.models.event import Event

ATOM = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("atom", ATOM)
UNSEEN = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


class Item:
    """One event and the words that readers of feeds see of it."""

    def __init__(self, event: Event, address: str, text: str) -> None:
        self.event, self.address, self.text = event, address, text


def feed(items: Sequence[Item], title: str, text: str, site: str) -> bytes:
    """The feed; `site` is the node's address."""
    root = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", f"{site}/agenda")
    _add(channel, "description", text)
    own = {"href": f"{site}/agenda.rss", "rel": "self", "type": "application/rss+xml"}
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", own)
    for item in sorted(items, key=lambda one: one.event.updated_at, reverse=True):
        _add_item(channel, item)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_item(channel: ElementTree.Element, item: Item) -> None:
    element = ElementTree.SubElement(channel, "item")
    _add(element, "title", item.event.name)
    _add(element, "link", item.address)
    _add(element, "description", item.text)
    guid = ElementTree.SubElement(element, "guid", {"isPermaLink": "false"})
    guid.text = item.event.uri or str(item.event.id)
    _add(element, "pubDate", format_datetime(item.event.published_at or item.event.created_at))
    for tag in item.event.tags:
        _add(element, "category", tag.name)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text.translate(UNSEEN)
