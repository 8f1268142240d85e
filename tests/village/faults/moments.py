"""Where a node may be told to die: before and after each commit that a payment between nodes depends on.

`before` is said when all that a commit needs is at hand and nothing is written; `after`, when the commit is
on disk and nothing was sent or answered yet. In the code: `kit.faults.at("payment-begun.before")`.
"""

COMMITS = {
    "payment-begun": "the acceptor keeps what it will ask, before it asks",
    "answer-decided": "the issuer posts, holds, declines, cancels",
    "agreement-noted": "either side keeps lines, heads and beats of the other",
    "receipt-noted": "the acceptor keeps the issuer's answer",
    "offline-accepted": "the acceptor's till waits no longer: a grant takes the risk, or all is undone",
    "clearing-asked": "a proposal of the other one is kept, or that it was called off",
    "clearing-signed": "debts fall, or are said to be paid",
    "grant-ended": "the acceptor hears that a grant is over, and closes its list",
    "grant-closed": "the issuer keeps what the acceptor says that it had accepted",
}
HELD = "hold-kept.after"
"""The acceptor asked several issuers, and not all of them have set their part aside yet."""
DECIDED = "decision-taken.after"
"""The acceptor has all that it asked several issuers to set aside, and has said yes."""
MOMENTS = (*(f"{commit}.{when}" for commit in COMMITS for when in ("before", "after")), HELD, DECIDED)
