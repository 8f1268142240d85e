"""What nodes say to each other about money: one frozen structure for each word, as an item's JSON has it.

Amounts are whole minor units, times whole milliseconds since 1970, assets `host/code`, nodes their origin. An
id is made by whoever asks; the same id with the same bytes always gets the same answer. The exact bytes of an
item are what is signed, hashed and kept: nothing is ever written again from what was read.
"""

import hashlib
from collections.abc import Mapping
from typing import Final, Literal
from uuid import UUID

from msgspec import Raw, Struct, json

from wallet.between.disputing_words import Dispute as Dispute
from wallet.between.disputing_words import DisputeOver as DisputeOver
from wallet.between.granting_words import Grant as Grant
from wallet.between.granting_words import Revoke as Revoke
from wallet.between.granting_words import Revoked as Revoked
from wallet.between.granting_words import Used as Used
from wallet.between.said import LONGEST as LONGEST
from wallet.between.said import Amount, Balance, Moment, Number, Text
from wallet.between.said import Message as Message

Mode = Literal["post", "hold"]
Outcome = Literal["posted", "held", "declined", "cancelled", "reversed", "recovering", "conflict"]
Verb = Literal["charge", "cancel", "capture", "release", "present", "refund"]


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a statement goes: its last line, the hash of that line's bytes, the balance after it."""

    seq: Number
    hash: Text
    balance: Balance


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One movement of what `issuer` owes `holder` in one asset. `ref` is the id that the holder gave.

    `prev` is the hash of the line before, 64 zeros for the first; `balance` counts from the first epoch on.
    """

    issuer: Text
    holder: Text
    asset: Text
    epoch: Amount
    seq: Amount
    kind: Text
    ref: Text
    delta: Balance
    balance: Balance
    at: Moment
    prev: Text


class Charge(Message, frozen=True, kw_only=True, tag="charge"):
    """Pay `amount` from the wallet behind `handle` to the asker, or set it aside.

    `exp`: after it, the issuer declines what it never heard of. `sun`: to the card's home, the chip's message
    of this tap; to another issuer, the home's proof of it (`between.proofs`).
    """

    asset: Text
    epoch: Number
    handle: Text
    amount: Amount
    exp: Moment
    mode: Mode = "post"
    card: Text = ""
    till: Text = ""
    sale: Text = ""
    sun: Text = ""


class Cancel(Message, frozen=True, kw_only=True, tag="cancel"):
    """Undo the charge of this id, or forbid it for ever. The answer is final."""

    reason: Text = ""


class Capture(Message, frozen=True, kw_only=True, tag="capture"):
    """Take what the charge of this id set aside."""

    amount: Amount


class Release(Message, frozen=True, kw_only=True, tag="release"):
    """Free what the charge of this id set aside, and forbid it for ever."""


class Present(Message, frozen=True, kw_only=True, tag="present"):
    """The charge of this id was accepted under a grant while the issuer could not be asked."""

    grant: UUID
    asset: Text
    epoch: Number
    handle: Text
    card: Text
    amount: Amount
    taken: Moment


class Refund(Message, frozen=True, kw_only=True, tag="refund"):
    """Give `amount` of a charge back to the balances that paid."""

    charge: UUID
    amount: Amount
    reason: Text = ""


class Receipt(Message, frozen=True, kw_only=True, tag="receipt"):
    """The issuer's answer to a question about the charge or refund `id`; `req` is the hash of the question.

    `line` is the exact JSON of a Line when money moved. `left`: what the payer still has of the asset.
    """

    verb: Verb
    req: Text
    outcome: Outcome
    at: Moment
    amount: Number = 0
    why: Text = ""
    hold_until: Moment = 0
    left: Balance | None = None
    line: Raw = Raw()


class Statement(Message, frozen=True, kw_only=True, tag="statement"):
    """Asks for the lines after `after`."""

    asset: Text
    epoch: Number
    after: Number


class Lines(Message, frozen=True, kw_only=True, tag="lines"):
    """Some lines, in order, and how far they go in all. A charge that the holder forgot is cancelled."""

    asset: Text
    epoch: Number
    head: Point
    lines: tuple[Raw, ...] = ()


class Ack(Message, frozen=True, kw_only=True, tag="ack"):
    """ "I have every line up to this one", by the holder; the issuer says the same: agreed by both."""

    asset: Text
    epoch: Number
    point: Point
    by: Literal["holder", "issuer"] = "holder"


class Disagree(Message, frozen=True, kw_only=True, tag="disagree"):
    """The issuer's line of that number is another one."""

    asset: Text
    epoch: Number
    point: Point
    line: Raw = Raw()


class Beat(Message, frozen=True, kw_only=True, tag="beat"):
    """ "I am here": protocol version, epoch, the last line's number for each asset that the hearer holds."""

    version: Number
    epoch: Number
    heads: Mapping[Text, Number] = {}
    is_answer: bool = False


class Terms(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an issuer lets one acceptor take, in minor units; 0 of `node_max` means: nothing any more."""

    asset: str
    currency: UUID
    name: str
    symbol: str
    nature: str
    reach: str
    scale: Number
    at_par: bool
    per_tap: Number
    per_card_day: Number
    per_minute: Number
    node_max: Number


class Limits(Message, frozen=True, kw_only=True, tag="limits"):
    """What the speaker issues and the hearer may take, and how much. A higher `rev` replaces lower ones."""

    rev: Number
    epoch: Number
    terms: tuple[Terms, ...] = ()


class Agreed(Message, frozen=True, kw_only=True, tag="agreed"):
    """The answer to `limits` number `rev`: which of these assets the speaker takes."""

    rev: Number
    takes: tuple[str, ...] = ()


class Noted(Message, frozen=True, kw_only=True, tag="noted"):
    """Heard and kept."""


class Refused(Message, frozen=True, kw_only=True, tag="refused"):
    """A question that is not about a charge cannot be answered: by name."""

    why: Text


class Edge(Struct, frozen=True, forbid_unknown_fields=True):
    """`debtor` owes `creditor` that much of `asset`, which it issues."""

    debtor: Text
    creditor: Text
    asset: Text
    amount: Amount


class Propose(Message, frozen=True, kw_only=True, tag="setoff.propose"):
    """Let these debts fall: both ways at par (`setoff`), or one that was paid outside (`settlement`).

    The proposer has set its own part aside. `reference` names the bank transfer.
    """

    kind: Literal["setoff", "settlement"]
    edges: tuple[Edge, ...]
    reference: Text = ""


class Signed(Message, frozen=True, kw_only=True, tag="setoff.signed"):
    """Yes: with the proposal's signature, both have signed. `hash` is that of the proposal's bytes."""

    hash: Text


class NotSigned(Message, frozen=True, kw_only=True, tag="setoff.refused"):
    """No, for ever."""

    why: Text


class Waiting(Message, frozen=True, kw_only=True, tag="setoff.waiting"):
    """A person has to look first."""


class Abort(Message, frozen=True, kw_only=True, tag="setoff.abort"):
    """Answered by `setoff.refused`, or by `setoff.signed` when it is too late."""


class LookUp(Message, frozen=True, kw_only=True, tag="look_up"):
    """What is this card, and what may it pay here? By keyed hash of its chip, by code or by handle."""

    card: str = ""
    code: str = ""
    handle: str = ""
    sun: str = ""


class Card(Message, frozen=True, kw_only=True, tag="card"):
    """The state of a card, its handle at each issuer (origin), what it may pay at the asker by asset.

    `first_name` is empty unless its holder lets it be shown. `proofs`: by issuer, for the charge of a tap
    that the chip proved to us.
    """

    state: str
    first_name: str = ""
    handles: Mapping[str, str] = {}
    proofs: Mapping[str, str] = {}
    balances: Mapping[str, Balance] = {}


class Holdings(Message, frozen=True, kw_only=True, tag="holdings"):
    """The home asks what its member holds here."""

    handle: str


class Held(Message, frozen=True, kw_only=True, tag="held"):
    """By asset, true at `at`."""

    at: Moment
    balances: Mapping[str, Balance] = {}


class History(Message, frozen=True, kw_only=True, tag="history"):
    """The home asks for its member's movements here, those after number `after`."""

    handle: str
    after: Number = 0


class Movement(Struct, frozen=True, forbid_unknown_fields=True):
    """One movement of a wallet: `number` orders them, `amount` is signed, `place` is where it was spent."""

    number: Number
    at: Moment
    kind: str
    asset: str
    amount: Balance
    place: str = ""


class Movements(Message, frozen=True, kw_only=True, tag="movements"):
    """Some of them, in order; `more` when there are others."""

    at: Moment
    movements: tuple[Movement, ...] = ()
    more: bool = False


class Bind(Message, frozen=True, kw_only=True, tag="bind"):
    """The home's member is `handle` at the hearer's; `status` of its card there. A lower `rev` is refused.

    `card` is the keyed hash of a card that the hearer may know as nobody's: its wallet becomes the member's.
    `proves`: every card of this member proves its taps, so that a charge without a proof is not theirs.
    """

    handle: str
    rev: Number
    status: str
    card: str = ""
    proves: bool = False


class Listed(Struct, frozen=True, forbid_unknown_fields=True):
    """A card in a directory: keyed hash, revision, state, and its holder's handle at each issuer (origin)."""

    card: str
    rev: Number
    state: str
    handles: Mapping[str, str] = {}


class Hotlist(Message, frozen=True, kw_only=True, tag="hotlist"):
    """Cards of the speaker that are new or changed, by revision, up to `rev`."""

    rev: Number
    cards: tuple[Listed, ...] = ()


Question = (
    Charge | Cancel | Capture | Release | Present | Refund | Statement | Ack | Beat | Limits | Grant | Revoke
    | Used | Propose | Abort | Dispute | DisputeOver | LookUp | Holdings | History | Bind | Hotlist
)  # fmt: skip
Answer = (
    Receipt | Lines | Disagree | Agreed | Revoked | Noted | Refused | Signed | NotSigned | Waiting | Card
    | Held | Movements
)  # fmt: skip
AnyMessage = Question | Answer

decode: Final = json.Decoder(AnyMessage).decode
encode: Final = json.Encoder().encode
decode_line: Final = json.Decoder(Line).decode


def digest(body: bytes) -> str:
    """SHA-256 of exact bytes, in hexadecimal: names a question, a line, a proposal."""
    return hashlib.sha256(body).hexdigest()
