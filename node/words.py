"""Words of the roof: kinds of collectives, pennants, countries."""

from kit.i18n import Lazy, lazy

KIND_NAMES: dict[str, tuple[Lazy, str]] = {
    "association": (lazy("An association"), "users-three"),
    "festival": (lazy("A festival"), "tent"),
    "third_place": (lazy("A third place"), "wrench"),
    "event_venue": (lazy("An event venue"), "confetti"),
    "food_venue": (lazy("A food venue"), "fork-knife"),
    "theatre": (lazy("A theatre"), "mask-happy"),
    "cafe": (lazy("A café"), "coffee"),
    "concert_hall": (lazy("A concert hall"), "guitar"),
    "organiser": (lazy("An organiser of events"), "megaphone"),
    "shop": (lazy("A shop"), "storefront"),
}
PENNANT_NAMES: tuple[Lazy, ...] = (
    lazy("Square"),
    lazy("Swallowtail"),
    lazy("Point"),
    lazy("Round"),
    lazy("Two points"),
    lazy("Shield"),
)
COUNTRIES: dict[str, Lazy] = {
    "BE": lazy("Belgium"),
    "CA": lazy("Canada"),
    "CH": lazy("Switzerland"),
    "DE": lazy("Germany"),
    "ES": lazy("Spain"),
    "FR": lazy("France"),
    "GB": lazy("United Kingdom"),
    "IE": lazy("Ireland"),
    "IT": lazy("Italy"),
    "LU": lazy("Luxembourg"),
    "MC": lazy("Monaco"),
    "NL": lazy("Netherlands"),
    "PT": lazy("Portugal"),
}
