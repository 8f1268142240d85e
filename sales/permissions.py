"""Who may do what with sales: strings checked at the doors."""

ENTER = "sales.enter"
SEE = "sales.see"
CATALOGUE = "sales.catalogue"
CLOSE = "sales.close"
RULES = "sales.rules"

PERMISSIONS: dict[str, tuple[str, ...]] = {
    ENTER: ("treasurer", "till_manager", "cashier"),
    SEE: ("treasurer", "till_manager"),
    CATALOGUE: ("till_manager",),
    CLOSE: ("treasurer", "till_manager"),
    RULES: ("treasurer",),
}
