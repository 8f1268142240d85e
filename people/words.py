"""Names, mail addresses and roles as text: cleaned, compared, said."""

import re
import unicodedata

from kit.errors import Invalid
from kit.i18n import Lazy, _, lazy

LONGEST_NAME = 120
LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3, minus the brackets
LONGEST_LOCAL = 64  # RFC 5321 §4.5.3.1.1
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

ROLE_NAMES: dict[str, Lazy] = {
    "administrator": lazy("Administrator"),
    "treasurer": lazy("Treasurer"),
    "member_manager": lazy("Member manager"),
    "agenda_editor": lazy("Agenda editor"),
    "till_manager": lazy("Till manager"),
    "cashier": lazy("Cashier"),
    "door_checker": lazy("Door checker"),
    "kitchen": lazy("Kitchen"),
}
ROLE_HELP: dict[str, Lazy] = {
    "administrator": lazy("I can do everything here, and give roles."),
    "treasurer": lazy("I follow the money and close the accounts."),
    "member_manager": lazy("I welcome members and follow memberships."),
    "agenda_editor": lazy("I write and publish events."),
    "till_manager": lazy("I prepare the tills: products, prices, devices."),
    "cashier": lazy("I sell at the till."),
    "door_checker": lazy("I check tickets at the door."),
    "kitchen": lazy("I see the orders to prepare."),
}
KIND_WORDS: dict[str, Lazy] = {
    "person": lazy("People"),
    "api_key": lazy("API keys"),
    "event": lazy("Events"),
    "place": lazy("Places"),
    "tag": lazy("Tags"),
    "collective": lazy("The collective"),
    "feature": lazy("Rooms"),
    "peer": lazy("Neighbour nodes"),
    "village": lazy("Villages"),
    "product": lazy("Products"),
    "category": lazy("Categories of products"),
    "point": lazy("Points of sale"),
    "currency": lazy("Currencies"),
    "pass_card": lazy("Pass cards"),
    "card_batch": lazy("Card batches"),
    "village_money": lazy("Money with neighbours"),
    "clearing": lazy("Clearings"),
}
SCOPE_ROOMS: dict[str, Lazy] = KIND_WORDS | {
    "agenda": lazy("Agenda"),
    "events": lazy("Events"),
    "places": lazy("Places"),
    "tags": lazy("Tags"),
    "villages": lazy("Villages"),
    "peers": lazy("Neighbour nodes"),
    "follows": lazy("Followers"),
    "people": lazy("People"),
    "money": lazy("Money"),
    "sales": lazy("Sales"),
    "cards": lazy("Pass cards"),
}


def normal_email(text: str) -> str:
    """The one form in which an address is stored and compared: lower case, ASCII domain (IDNA).

    Raises Invalid (field `email`) when mail cannot be sent there (RFC 5321, dot-atom local part only).
    """
    address = unicodedata.normalize("NFKC", text).strip().lower()
    local, _at, domain = address.rpartition("@")
    domain = _ascii_domain(domain)
    if not (_is_local(local) and domain and len(local) + 1 + len(domain) <= LONGEST_EMAIL):
        raise Invalid(fields={"email": _("This is not a mail address. I write it like name@example.org.")})
    return f"{local}@{domain}"


def _is_local(local: str) -> bool:
    return len(local) <= LONGEST_LOCAL and LOCAL.fullmatch(local) is not None


def _ascii_domain(domain: str) -> str:
    """The domain in ASCII, or "" when it is not one."""
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return ""
    labels = ascii_domain.split(".")
    known = len(labels) > 1 or ascii_domain == "localhost"
    return ascii_domain if known and all(LABEL.fullmatch(label) for label in labels) else ""


def one_line(text: str) -> str:
    """The text on one line, without control characters nor marks of direction."""
    kept = "".join(" " if unicodedata.category(sign)[0] in "ZC" else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def clean_name(text: str) -> str:
    """A name on one line, without control characters. Raises Invalid (field `name`) above 120 characters."""
    name = one_line(text)
    if len(name) > LONGEST_NAME:
        limit = _("This text is too long: {limit} characters at most.").format(limit=LONGEST_NAME)
        raise Invalid(fields={"name": limit})
    return name


def folded(text: str) -> str:
    """Lower case without accents, for searching and sorting."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def local_path(text: str) -> str:
    """`text` when it is an address of this site, else "" (a sign-in never sends someone elsewhere)."""
    is_plain = all(sign.isprintable() and not sign.isspace() for sign in text) and "\\" not in text
    return text if is_plain and text.startswith("/") and not text.startswith("//") and len(text) < 500 else ""


def scope_words(scope: str) -> str:
    """What a scope opens: "Events: I read"; "*" is everything, an unknown one stays as it is."""
    room, _colon, act = scope.partition(":")
    if scope == "*":
        return _("Everything")
    if room not in SCOPE_ROOMS:
        return scope
    acts = {"read": _("read"), "write": _("read and write")}
    return f"{SCOPE_ROOMS[room]} ({acts[act]})" if act in acts else str(SCOPE_ROOMS[room])
