"""Bugs of an acceptor: what it believes, what it tells the till, what it forgets to say."""

from collections.abc import Iterator
from typing import Any

from msgspec import structs

from wallet.between import accepting, clearing, completer, completing, granting, mirroring
from wallet.between.events import Outcome
from wallet.between.memory import MemoryDrawers
from wallet.ledger import requests as ask
from wallet.simulation.mutants import mutant

Patches = Iterator[tuple[Any, Any, Any]]


@mutant("a timeout decides: nobody asks the issuer to undo")
def timeout_decides() -> Patches:
    def undo(desk: Any, payment: Any, why: str) -> Any:
        accepting._close_local(desk, payment, ask.Release, "release")
        legs = tuple(structs.replace(leg, state="cancelled") for leg in payment.legs)
        return structs.replace(payment, state="undo", why=why, legs=legs)

    yield accepting, "_undo", undo


@mutant("a payment that fails leaves what was set aside elsewhere")
def abort_without_release() -> Patches:
    right = completing.item_for

    def item_for(payment: Any, leg: Any) -> bytes:
        return b"" if leg.state == "undoing" and leg.was_held else right(payment, leg)

    yield completing, "item_for", item_for
    yield completer, "item_for", item_for


@mutant("a payment that fails takes what was set aside elsewhere")
def abort_captures() -> Patches:
    right = completing.item_for

    def item_for(payment: Any, leg: Any) -> bytes:
        if leg.state == "undoing" and leg.was_held:
            return completing.said(payment, leg, "capture")
        return right(payment, leg)

    yield completer, "item_for", item_for


@mutant("what was set aside is never taken after the yes")
def capture_forgotten() -> Patches:
    right = completing.item_for

    def item_for(payment: Any, leg: Any) -> bytes:
        return b"" if leg.state == "held" else right(payment, leg)

    yield completer, "item_for", item_for


@mutant("a charge is said again where an offline payment should be presented")
def charge_after_offline() -> Patches:
    right = completing.item_for

    def item_for(payment: Any, leg: Any) -> bytes:
        return bytes(leg.ask) if leg.state == "offline_due" else right(payment, leg)

    yield completer, "item_for", item_for


@mutant("the till is told before anything is on the disk")
def told_before_written() -> Patches:
    right = MemoryDrawers.keep

    def keep(self: Any, changes: Any) -> None:
        held = self.__dict__.setdefault("held_back", [])
        paid = {
            key: one for key, one in changes.payments.items() if one.is_paid and self.kept_payments.get(key)
        }
        for key in paid:
            del changes.payments[key]
        right(self, changes)
        for key, payment in held:
            self.kept_payments[key] = payment
            self._remember(payment)
        held[:] = list(paid.items())
        changes.payments.update(paid)

    yield MemoryDrawers, "keep", keep


@mutant("the same payment begun twice is begun anew")
def begun_twice() -> Patches:
    right = accepting.begin

    def begin(desk: Any, event: Any) -> Outcome:
        desk.payments.pop(event.payment.id, None)
        return right(desk, event)

    yield accepting, "begin", begin


@mutant("a receipt over another amount is believed")
def other_amount_believed() -> Patches:
    yield accepting, "contradicts_itself", lambda leg, receipt: False


@mutant("a receipt for another question is believed")
def other_question_believed() -> Patches:
    yield accepting, "_is_answer_to", lambda payment, leg, receipt: True


@mutant("a late yes revives a payment that the till was told no about")
def late_yes_revives() -> Patches:
    yield accepting._NEXT, ("undoing", "charge", "posted"), "posted"
    yield accepting._NEXT, ("undoing", "charge", "held"), "cancelled"


@mutant("a no to a charge ends an offline payment that was accepted")
def offline_undone_by_no() -> Patches:
    yield accepting._NEXT, ("offline_due", "charge", "declined"), "declined"


@mutant("all issuers are asked, and one yes is enough")
def one_yes_is_enough() -> Patches:
    right = accepting._decided

    def decided(desk: Any, payment: Any, states: Any) -> Any:
        if payment.kind == "sale" and states & {"held", "posted"}:
            states = states - {"intent"}
        return right(desk, payment, states)

    yield accepting, "_decided", decided


@mutant("the counter of a grant is not lowered by what was presented")
def grant_never_freed() -> Patches:
    yield accepting, "lower", lambda desk, payment: None


@mutant("the counter of a grant is not raised by what was accepted")
def grant_not_counted() -> Patches:
    yield accepting, "raise_use", lambda desk, grant, leg: None


@mutant("a till accepts beyond the caps of its grant")
def grant_caps_ignored() -> Patches:
    def allows(desk: Any, grant: Any, leg: Any) -> bool:
        same = (grant.issuer, grant.acceptor, grant.asset) == (leg.issuer, desk.me, leg.asset)
        return same and grant.since <= desk.ms < grant.until

    yield granting, "_allows", allows


@mutant("a loss is not booked")
def loss_not_booked() -> Patches:
    yield accepting, "_bear_losses", lambda desk, payment: None


@mutant("a mirror goes on over a missing line")
def mirror_over_a_gap() -> Patches:
    right = mirroring._advance

    def advance(desk: Any, heard: Any, agreed: Any, line: Any) -> None:
        mirror = desk.mirror(heard.peer, desk.me, line.asset, agreed.currency)
        if line.seq > mirror.seq + 1:
            kept = desk.waiting_lines[(*mirror.key, mirror.epoch, line.seq)]
            mirroring._book(desk, kept, agreed)
            desk.keep_mirror(mirror.after(line, kept.hash))
        else:
            right(desk, heard, agreed, line)

    yield mirroring, "_advance", advance


@mutant("a mirror books the same line twice")
def mirror_books_twice() -> Patches:
    right = mirroring._book

    def book(desk: Any, kept: Any, agreed: Any) -> None:
        right(desk, kept, agreed)
        if kept.line.seq % 5 == 0:
            again = structs.replace(kept.line, seq=kept.line.seq + 10_000)
            right(desk, structs.replace(kept, line=again), agreed)

    yield mirroring, "_book", book


@mutant("lines are kept and not booked")
def mirror_not_booked() -> Patches:
    right = mirroring._book

    def book(desk: Any, kept: Any, agreed: Any) -> None:
        if kept.line.delta > 0:
            right(desk, kept, agreed)

    yield mirroring, "_book", book


@mutant("the completer gives up after a few tries")
def completer_gives_up() -> Patches:
    yield completer.Completer, "_later", lambda self, tries: 500 << tries if tries < 5 else 10**12


@mutant("the completer does not wait longer and longer")
def completer_in_a_hurry() -> Patches:
    yield completer.Completer, "_later", lambda self, tries: 500


@mutant("missing lines are not asked for")
def statement_never_asked() -> Patches:
    yield completer.Completer, "_of_mirror", lambda self, mirror, now: iter(())


@mutant("a proposal is said once")
def proposal_said_once() -> Patches:
    right = completer.Completer._of_clearing

    def of_clearing(self: Any, clearing: Any, now: int) -> Any:
        said = self.__dict__.setdefault("once", set())
        if clearing.id in said:
            return
        for one in right(self, clearing, now):
            said.add(clearing.id)
            yield one

    yield completer.Completer, "_of_clearing", of_clearing


@mutant("a refund takes what is needed to undo another payment")
def refund_without_reserve() -> Patches:
    """Met where what a person signs is heard late: the message that tells it at once is always lost."""
    told_at_once = clearing.confirm

    def confirm(desk: Any, event: Any) -> Any:
        return structs.replace(told_at_once(desk, event), answers=(), to="")

    yield accepting, "needed_back", lambda desk, peer, asset, but=None: 0
    yield clearing, "confirm", confirm


@mutant("our own part is taken although the others said no")
def local_part_taken_on_no() -> Patches:
    right = accepting._close_local

    def close(desk: Any, payment: Any, verb: Any, name: str) -> Any:
        return right(desk, payment, ask.Capture, "capture")

    yield accepting, "_close_local", close


@mutant("our own part stays set aside when the others said no")
def local_part_kept_on_no() -> Patches:
    right = accepting._close_local

    def close(desk: Any, payment: Any, verb: Any, name: str) -> Any:
        return True if name == "release" else right(desk, payment, verb, name)

    yield accepting, "_close_local", close
