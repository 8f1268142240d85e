"""The list of rooms of this house, in the order of their floors."""

from agenda.feature import AGENDA
from federation.feature import FEDERATION
from kit.features import Feature
from node.feature import NODE
from people.feature import PEOPLE
from wallet.feature import WALLET

FEATURES: tuple[Feature, ...] = (FEDERATION, PEOPLE, WALLET, AGENDA, NODE)
