"""Where money meets other nodes and the node's keys: it signs what it hands out, and speaks with its peers.

`door` is what peers knock at, `lanes` how this node speaks to them first; both seal and open through `voice`
and hand what was said to the engine (`ports`), which alone knows what the words mean.
"""

from wallet.federated.signing import signed_document, signed_head

__all__ = ["signed_document", "signed_head"]
