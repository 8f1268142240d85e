"""What the office says of rights and of tills."""

from kit.i18n import Lazy, lazy
from pos_api.models.operator import CLOSE, FLOAT, GIFT, REFUND, SELL, TOP_UP, TRAINING, VOID

RIGHTS: dict[str, tuple[Lazy, Lazy]] = {
    SELL: (lazy("Sell"), lazy("Products, deposits, tips; undo the last sale.")),
    TOP_UP: (lazy("Top a Pass up"), lazy("Money onto a Pass, against what is paid.")),
    VOID: (lazy("Take a sale back"), lazy("Any sale, with a reason; correct its means.")),
    REFUND: (lazy("Give money back from a Pass"), lazy("Within the limits of the house.")),
    GIFT: (lazy("Give vouchers"), lazy("Onto a Pass.")),
    FLOAT: (lazy("Move cash"), lazy("The float, and what goes in or out of the drawer.")),
    CLOSE: (lazy("Close the day"), lazy("The Z report, with the counted cash.")),
    TRAINING: (lazy("Begin a training"), lazy("Sales that are only played.")),
}
