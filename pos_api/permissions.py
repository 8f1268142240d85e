"""Who may do what with tills in the office: strings checked at the doors."""

MANAGE = "tills.manage"

PERMISSIONS: dict[str, tuple[str, ...]] = {
    MANAGE: ("till_manager",),
}
