"""The words of the money's back office: kinds of currencies, kinds of movements, states."""

from kit.i18n import Lazy, lazy

KIND_NAMES: dict[str, Lazy] = {
    "local": lazy("Local currency"),
    "gift": lazy("Gift voucher"),
    "time": lazy("Time currency"),
    "loyalty": lazy("Loyalty points"),
    "network": lazy("Network currency"),
    "free": lazy("Free currency"),
}
KIND_HELP: dict[str, Lazy] = {
    "local": lazy("People top up and pay with it. 1 is worth 1 euro."),
    "gift": lazy("I give it. It is spent only at our place and ends on a date."),
    "time": lazy("People earn hours when they help. It is never changed into euros."),
    "loyalty": lazy("People receive points when they come."),
    "network": lazy("Money that every collective of the network accepts."),
    "free": lazy("A currency with its own value. It is never changed into euros."),
}
KIND_ICONS = {
    "local": "coins",
    "gift": "gift",
    "time": "hourglass",
    "loyalty": "star",
    "network": "globe-hemisphere-west",
    "free": "leaf",
}
NATURE_NAMES: dict[str, Lazy] = {
    "money": lazy("Money"),
    "gift": lazy("Gift voucher"),
    "time": lazy("Time"),
    "loyalty": lazy("Loyalty points"),
    "free": lazy("Free currency"),
}
REACH_NAMES: dict[str, tuple[Lazy, Lazy]] = {
    "network": (lazy("In the whole network"), lazy("Every collective of the network accepts it.")),
    "local": (lazy("Here, and where a neighbour agreed"), lazy("Each village node says yes or no.")),
    "issuer_only": (lazy("Only at our place"), lazy("Nobody else accepts it.")),
}
MOVE_NAMES: dict[str, Lazy] = {
    "top_up": lazy("Top-up"),
    "gift": lazy("Gift"),
    "spend": lazy("Payment"),
    "capture": lazy("Payment of what was set aside"),
    "release": lazy("Given back to the wallet"),
    "refund": lazy("Money refunded"),
    "cash_out": lazy("Given back in cash"),
    "correction": lazy("Correction"),
    "merge": lazy("Card joined to a wallet"),
    "opening": lazy("Opening balance"),
    "expire": lazy("Voucher come to its end"),
    "charge": lazy("Payment at a neighbour’s"),
    "present": lazy("Payment at a neighbour’s, line cut"),
    "cancel": lazy("Payment at a neighbour’s, taken back"),
    "taking": lazy("Payment by a neighbour’s Pass"),
    "given_back": lazy("Given back to a neighbour’s Pass"),
    "setoff": lazy("Set-off with a neighbour"),
    "settlement": lazy("Settlement with a neighbour"),
    "settled": lazy("Settled by a neighbour"),
    "loss": lazy("Loss on a neighbour’s payment"),
    "dispute": lazy("Contested with a neighbour, set aside"),
    "dispute_over": lazy("Contested with a neighbour, ended"),
    "disputed": lazy("Contested with a neighbour, set aside there"),
    "undisputed": lazy("Contested with a neighbour, ended there"),
}
BETWEEN_NODES = frozenset(
    {"taking", "given_back", "setoff", "settlement", "settled", "loss", "dispute", "dispute_over"}
    | {"disputed", "undisputed"}
)
"""Movements without a wallet of ours: their place is the neighbour's origin, their reason its reference."""
MOVE_ICONS = {
    "top_up": "plus-circle",
    "gift": "gift",
    "spend": "receipt",
    "capture": "receipt",
    "release": "arrow-counter-clockwise",
    "refund": "arrow-counter-clockwise",
    "cash_out": "hand-coins",
    "correction": "note-pencil",
    "merge": "contactless-payment",
    "opening": "list-checks",
    "expire": "hourglass",
    "charge": "receipt",
    "present": "receipt",
    "cancel": "arrow-counter-clockwise",
    "taking": "receipt",
    "given_back": "arrow-counter-clockwise",
    "setoff": "handshake",
    "settlement": "hand-coins",
    "settled": "handshake",
    "loss": "warning",
    "dispute": "question",
    "dispute_over": "question",
    "disputed": "question",
    "undisputed": "question",
}
CARD_STATES: dict[str, tuple[str, str, Lazy]] = {
    "active": ("ok", "check-circle", lazy("In use")),
    "lost": ("warn", "warning", lazy("Lost")),
    "blocked": ("stop", "prohibit", lazy("Card blocked")),
    "replaced": ("outline", "archive", lazy("Replaced")),
}
ACCOUNT_NAMES: dict[str, Lazy] = {
    "wallet": lazy("Wallet"),
    "issuance": lazy("Currency brought into circulation"),
    "opening": lazy("Opening balances"),
    "sales": lazy("Taken at the tills"),
    "expired": lazy("Come to their end"),
    "node": lazy("Owed to a neighbour"),
    "bank": lazy("Owed by a neighbour"),
    "receivable": lazy("Owed by a wallet"),
    "loss": lazy("Our own loss"),
    "disputed": lazy("Contested with a neighbour"),
}


def move_name(kind: str) -> str:
    """What happened, in the reader's language."""
    return str(MOVE_NAMES.get(kind, kind))
