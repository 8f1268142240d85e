"""Bugs of an issuer: what it answers, what it forgets, what it lets through."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from wallet.between import clearing, issuing, lines, opening, presenting, shapes
from wallet.between import messages as words
from wallet.between.desk import Desk
from wallet.between.memory import MemoryDrawers
from wallet.ledger import decide as ledger
from wallet.ledger import requests as ask
from wallet.ledger import spending, undoing
from wallet.ledger.draft import Declined, Draft
from wallet.simulation.mutants import mutant

Patches = Iterator[tuple[Any, Any, Any]]


@mutant("a cancel of an unknown charge is forgotten: the charge may still come")
def tombstone_forgotten() -> Patches:
    right = issuing._cancel

    def cancel(desk: Any, heard: Any, asked: Any) -> Any:
        if issuing._charge_id(heard, asked.id) not in desk.book.past:
            return issuing._asked(
                desk, ask.Decline(**issuing._common(desk, heard, asked), kind="cancel", why="unknown")
            )
        return right(desk, heard, asked)

    yield issuing._RULES, words.Cancel, cancel
    yield issuing._RULES, words.Release, cancel
    yield issuing, "_undone", lambda desk, charge: "cancelled"


@mutant("a cancel is answered without undoing anything")
def cancel_without_undoing() -> Patches:
    def cancel(desk: Any, heard: Any, asked: Any) -> Any:
        return issuing._no(desk, heard, asked, "done")

    yield issuing._RULES, words.Cancel, cancel
    yield issuing, "_undone", lambda desk, charge: "cancelled"


@mutant("a release leaves the money set aside")
def release_without_freeing() -> Patches:
    def release(desk: Any, heard: Any, asked: Any) -> Any:
        return issuing._no(desk, heard, asked, "done")

    yield issuing._RULES, words.Release, release
    yield issuing, "_undone", lambda desk, charge: "cancelled"


@mutant("a charge that was declined is tried again when it comes again")
def decline_not_sticky() -> Patches:
    right = MemoryDrawers.keep

    def keep(self: Any, changes: Any) -> None:
        declined = [
            one for one in changes.answers if b'"outcome":"declined"' in one.body and one.verb == "charge"
        ]
        changes.answers = [one for one in changes.answers if one not in declined]
        right(self, changes)
        for one in declined:
            self.ledger._by_id.pop(one.id, None)

    yield MemoryDrawers, "keep", keep


@mutant("an answer is not kept: the same question is decided anew")
def answer_forgotten() -> Patches:
    yield MemoryDrawers, "answers", lambda self, ids: []


@mutant("another content under a known id gets the first answer")
def altered_accepted() -> Patches:
    def answer(desk: Any, heard: Any, asked: Any) -> bytes:
        key = shapes.transaction_id(heard.peer, issuing.verb_of(asked), asked.id)
        known = desk.answers.get(key)
        return known.body if known else issuing._first(desk, heard, asked)

    yield issuing, "answer", answer


@mutant("more is captured than was set aside")
def capture_above_hold() -> Patches:
    def capture(book: Any, request: Any, now: Any, draft: Any) -> None:
        holds = undoing._open_holds(book, request.refers)
        wanted = sum(hold.amount for hold in holds) if request.amount is None else request.amount
        for hold in holds:
            debit, credit = draft.free(hold)
            if wanted:
                draft.move(debit, credit, wanted)
                wanted = 0

    yield ledger.RULES, ask.Capture, capture


@mutant("a hold whose time was over gives more than it was")
def late_capture_above_hold() -> Patches:
    right = issuing._late

    def capture(desk: Any, heard: Any, asked: Any) -> Any:
        held = issuing._charge_id(heard, asked.id)
        if any(one.kind == "release" for one in desk.book.followers.get(held, ())):
            return issuing._asked(desk, right(desk, heard, asked))
        return issuing._asked(
            desk, ask.Capture(**issuing._common(desk, heard, asked), refers=held, amount=asked.amount)
        )

    yield issuing._RULES, words.Capture, capture


@mutant("refunds may be more than was paid")
def refund_above_charge() -> Patches:
    yield undoing, "_given_back", lambda book, transaction_id, paid: 0


@mutant("two acceptors share ids: one speaks about the other's charge")
def shared_ids() -> Patches:
    right = shapes.transaction_id

    def transaction_id(peer: str, verb: str, asked: Any) -> Any:
        return right("", verb, asked)

    yield issuing, "transaction_id", transaction_id
    yield opening, "transaction_id", transaction_id


@mutant("what was presented is posted although the charge was posted already")
def present_posts_twice() -> Patches:
    def present(desk: Any, heard: Any, asked: Any) -> Any:
        agreed, handle = desk.agreement(heard.peer, asked.asset), desk.handles.get(asked.handle)
        if agreed is None or handle is None or agreed.issuer != desk.me:
            return issuing._no(desk, heard, asked, "not_agreed")
        return issuing._asked(desk, issuing._presented(desk, heard, asked, handle.wallet, agreed.currency))

    yield issuing._RULES, words.Present, present


@mutant("what is presented is lent without looking at the caps of the grant")
def present_ignores_caps() -> Patches:
    yield issuing, "not_granted", lambda desk, peer, asked: ""
    yield issuing, "covered", lambda desk, asked: asked.amount


@mutant("what was accepted after the end of a grant is honoured")
def presented_after_the_end() -> Patches:
    yield presenting, "is_too_late", lambda grant, asked: False
    yield issuing, "must_be_listed", lambda desk, peer, asked: False


@mutant("a charge that was declined blocks its presentation")
def present_blocked_by_decline() -> Patches:
    right = issuing._present

    def present(desk: Any, heard: Any, asked: Any) -> Any:
        charge = desk.book.past.get(issuing._charge_id(heard, asked.id))
        if charge is not None and charge.receipt.verdict == "declined":
            return None
        return right(desk, heard, asked)

    yield issuing._RULES, words.Present, present


@mutant("limits are agreed on and not looked at")
def limits_not_enforced() -> Patches:
    yield issuing, "_over", lambda desk, agreed, peer, asked: ""


@mutant("what is set aside for an acceptor is not counted to its limit")
def held_not_counted() -> Patches:
    yield Desk, "set_aside", lambda self, place: 0


@mutant("a tap that paid before pays again")
def tap_pays_again() -> Patches:
    yield issuing, "is_replayed", lambda desk, tapped, asset: False
    right = Desk.use

    def use(self: Any, key: Any, amount: int) -> None:
        right(self, key, max(amount, -self.used(key)))

    yield Desk, "use", use


@mutant("a charge for another epoch is taken")
def epoch_ignored() -> Patches:
    right = issuing.refused

    def refused(desk: Any, agreed: Any, heard: Any, asked: Any) -> str:
        return right(desk, agreed, heard, structs.replace(asked, epoch=desk.epoch))

    yield issuing, "refused", refused


@mutant("a charge that is hours late is taken")
def term_ignored() -> Patches:
    right = issuing.refused

    def refused(desk: Any, agreed: Any, heard: Any, asked: Any) -> str:
        return right(desk, agreed, heard, structs.replace(asked, exp=2**50))

    yield issuing, "refused", refused


@mutant("a card that is lost still pays")
def lost_card_pays() -> Patches:
    def unknown(desk: Any, heard: Any, asked: Any) -> str:
        return "" if asked.handle in desk.handles else "handle_unknown"

    yield issuing, "_unknown", unknown


@mutant("a voucher is spent after its end")
def expired_voucher_spent() -> Patches:
    def usable(book: Any, request: Any, wallet: str, now: Any) -> Any:
        found = [
            account
            for account in book.accounts_of(wallet)
            if account.free > 0 and spending._accepts(request, book.assets[account.place.asset])
        ]
        return sorted(found, key=lambda account: spending._turn(book.assets[account.place.asset], account))

    yield spending, "_usable", usable


@mutant("a voucher of the house is spent elsewhere")
def voucher_spent_elsewhere() -> Patches:
    right = spending._accepts

    def accepts(request: Any, asset: Any) -> bool:
        return right(structs.replace(request, acceptor=""), asset)

    yield spending, "_accepts", accepts


@mutant("a wallet goes below zero")
def wallet_below_zero() -> Patches:
    right = Draft.move

    def move(self: Any, debit: Any, credit: Any, amount: int) -> None:
        floor, debit.floor = debit.floor, -(2**62)
        right(self, debit, credit, amount)
        debit.floor = floor

    def taken(accounts: Any, total: int) -> Any:
        if not accounts:
            raise Declined("insufficient", total)
        return [spending.Share(accounts[0], total)]

    yield Draft, "move", move
    yield spending, "_taken", taken


@mutant("line numbers are used again")
def line_numbers_reused() -> Patches:
    right = lines._next

    def following(desk: Any, whose: Any, kind: str, ref: Any, delta: int) -> Any:
        peer, asset, currency = whose
        mirror = desk.mirror(desk.me, peer, asset, currency)
        if mirror.seq % 7 == 6:
            desk.mirrors[mirror.key] = structs.replace(mirror, seq=mirror.seq - 1)
        return right(desk, whose, kind, ref, delta)

    yield lines, "_next", following


@mutant("a line does not name the one before")
def line_without_chain() -> Patches:
    right = lines._next

    def following(desk: Any, whose: Any, kind: str, ref: Any, delta: int) -> Any:
        peer, asset, currency = whose
        mirror = desk.mirror(desk.me, peer, asset, currency)
        desk.mirrors[mirror.key] = structs.replace(mirror, hash="0" * 64)
        return right(desk, whose, kind, ref, delta)

    yield lines, "_next", following


@mutant("a reversal writes no line")
def reversal_without_line() -> Patches:
    right = lines.line_of

    def line_of(desk: Any, peer: str, kind: str, ref: Any, link: Any) -> Any:
        return None if kind == "cancel" else right(desk, peer, kind, ref, link)

    yield issuing, "line_of", line_of


@mutant("a set-off is applied by whoever proposed it alone")
def setoff_on_one_side() -> Patches:
    def sign(desk: Any, one: Any) -> Any:
        return structs.replace(one, state="signed")

    yield clearing, "_sign", sign


@mutant("a proposal that is called off is forgotten without asking whether it was signed")
def called_off_unasked() -> Patches:
    right = clearing.withdraw

    def withdraw(desk: Any, event: Any) -> Any:
        outcome = right(desk, event)
        known = desk.clearings.get(event.clearing)
        if known is not None and known.is_called_off:
            clearing._free(desk, known)
            desk.keep_clearing(structs.replace(known, state="refused"))
        return outcome

    yield clearing, "withdraw", withdraw


@mutant("what was set aside for a proposal stays so after a no")
def setoff_hold_never_freed() -> Patches:
    yield clearing, "_free", lambda desk, one: None


@mutant("a creditor signs for more than it can do without")
def setoff_without_reserve() -> Patches:
    yield clearing, "needed_back", lambda desk, peer, asset, but=None: 0


@mutant("a set-off proposed twice falls twice")
def setoff_signed_again() -> Patches:
    right = clearing.hear_proposal

    def hear(desk: Any, heard: Any, message: Any) -> bytes:
        known = desk.clearings.pop(message.id, None)
        answer = right(desk, heard, structs.replace(message))
        if known is not None and known.is_ours:
            desk.clearings[message.id] = known
        return answer

    yield clearing, "hear_proposal", hear


@mutant("what one grant covers is not counted from one presentation to the next")
def covered_not_counted() -> Patches:
    right = presenting.covered

    def covered(desk: Any, asked: Any) -> int:
        kept, uses = dict(desk.grants), dict(desk.uses)
        amount = right(desk, asked)
        for grant in kept.values():
            desk.keep_grant(grant)
        for key, value in uses.items():
            if key in desk.changes.uses:
                desk.uses[key] = desk.changes.uses[key] = value
        return amount

    yield issuing, "covered", covered
