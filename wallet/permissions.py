"""Who may do what with money: strings checked at the doors."""

ENTER = "money.enter"
SEE = "money.see"
LOAD = "money.load"
GIVE = "money.give"
REFUND = "money.refund"
CORRECT = "money.correct"
CURRENCIES = "money.currencies"
CARDS = "cards.manage"
VILLAGE = "money.village"

PERMISSIONS: dict[str, tuple[str, ...]] = {
    ENTER: ("treasurer", "till_manager", "cashier", "member_manager"),
    SEE: ("treasurer", "till_manager"),
    LOAD: ("treasurer", "till_manager", "cashier"),
    GIVE: ("treasurer", "till_manager"),
    REFUND: ("treasurer", "till_manager"),
    CORRECT: ("treasurer",),
    CURRENCIES: ("treasurer",),
    VILLAGE: ("treasurer",),
    CARDS: ("treasurer", "till_manager", "member_manager"),
}
