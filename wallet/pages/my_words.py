"""The words of a person's own history: who moved what, said by the person."""

from kit.i18n import Lazy, lazy

VERBS: dict[str, Lazy] = {
    "top_up": lazy("I top up"),
    "gift": lazy("I am given a voucher"),
    "spend": lazy("I pay"),
    "capture": lazy("I pay"),
    "charge": lazy("I pay"),
    "present": lazy("I pay"),
    "cancel": lazy("I am paid back"),
    "refund": lazy("I am paid back"),
    "cash_out": lazy("I take money back"),
    "correction": lazy("A mistake is put right"),
    "merge": lazy("My card joins my wallet"),
    "opening": lazy("What my card held before"),
    "expire": lazy("My voucher has ended"),
    "expiry": lazy("My voucher has ended"),
}
RECEIVED = lazy("I receive")
ASIDE = lazy("Set aside")
SETTLED = lazy("Was set aside, settled since")
CARD_STATES: dict[str, tuple[str, str, Lazy, Lazy]] = {
    "active": ("ok", "check-circle", lazy("In use"), lazy("It pays. It never ends.")),
    "lost": ("warn", "warning", lazy("Lost"), lazy("It no longer pays. My money is safe in my wallet.")),
    "blocked": ("stop", "prohibit", lazy("Card blocked"), lazy("The collective blocked it. I ask them why.")),
    "replaced": ("outline", "archive", lazy("Replaced"), lazy("Another card took its place.")),
}
