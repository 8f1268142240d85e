"""Where a node may be told to die: before and after each commit that a payment between nodes depends on.

`before` is said inside the transaction, when the rows are decided and not yet committed; `after`, when the
commit is on disk and nothing was sent or answered yet. In the code: `kit.faults.at("payment-begun.before")`.
"""

COMMITS = {
    "payment-begun": "the acceptor keeps what it will ask, before it asks",
    "answer-decided": "the issuer posts, holds, declines, cancels",
    "receipt-noted": "the acceptor keeps the issuer's answer",
    "decision-taken": "the acceptor decides over a payment of several legs",
    "undo-begun": "the acceptor gives a payment up and will cancel its legs",
    "offline-accepted": "the acceptor takes the risk of a grant",
    "checkpoint-kept": "a head signed by the other is kept",
    "clearing-signed": "a set-off is signed",
}
MOMENTS = tuple(f"{commit}.{when}" for commit in COMMITS for when in ("before", "after"))
