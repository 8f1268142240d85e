"""What `hameau export` can write of the ledger."""

from kit.features import Export
from kit.i18n import lazy
from wallet.exports import beancount, hledger, table
from wallet.federated import bundling

EXPORTS = (
    Export("ledger-csv", lazy("The ledger, as a CSV table"), table.table),
    Export("hledger", lazy("The ledger, for hledger"), hledger.journal),
    Export("beancount", lazy("The ledger, for beancount"), beancount.journal),
    Export("village-bundle", lazy("What a neighbour signed, for anybody to check"), bundling.export),
)
