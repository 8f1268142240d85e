"""The list of rooms of this house, in the order of their floors."""

from agenda.feature import AGENDA
from federation.feature import FEDERATION
from kit.features import Feature
from node.feature import NODE
from people.feature import PEOPLE
from pos_api.feature import TILLS
from sales.feature import SALES
from wallet.feature import WALLET

FEATURES: tuple[Feature, ...] = (FEDERATION, PEOPLE, WALLET, SALES, AGENDA, TILLS, NODE)
