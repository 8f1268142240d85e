"""What both nodes wrote of one currency: lines page by page, a statement to print, files with the proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Raw, Struct, json
from sqlalchemy.orm import Session
from starlette.responses import Response

from kit import clock
from kit.errors import Invalid, NotFound
from kit.sheets import csv_line, harmless
from kit.web import Call, page, read
from wallet import permissions
from wallet.between.desk import instant, milliseconds
from wallet.between.envelope import Evidence
from wallet.between.messages import decode
from wallet.exports.names import amount_text
from wallet.models.village import VillageCheckpoint, VillageLine, VillageMirror
from wallet.pages.village_proofs import line_json, shown, signed_now
from wallet.pages.village_showing import days_ago, me, morning_ms, peer_of, village_page
from wallet.queries.village_disputes import contested_seqs, may_contest
from wallet.queries.village_lines import Direction, all_lines, checkpoints, lines, lines_of_days, mirror_of
from wallet.queries.village_money import Side, between
from wallet.queries.village_timeline import Proof, proofs_of
from wallet.village_words import LINE_NAMES

MOST_PRINTED = 1000
MOST_POINTS = 5
COLUMNS = ("epoch", "number", "at", "kind", "reference", "amount", "balance", "signed by both", "fingerprint")


class Below(Struct, frozen=True):
    """Where the page begins: below that number of that epoch."""

    epoch: Annotated[int, Meta(ge=1, le=2**31)] = 1
    below: Annotated[int, Meta(ge=1, le=2**53)] | None = None


class Days(Struct, frozen=True):
    """Days of the collective, both included; the last month when nothing is said."""

    since: Annotated[str, Meta(max_length=10)] = ""
    until: Annotated[str, Meta(max_length=10)] = ""


@dataclass(frozen=True)
class Signed:
    """The last point that both signed, and how: their item with its envelope, and ours."""

    point: VillageCheckpoint
    theirs: Proof | None


@dataclass(frozen=True)
class Account:
    """One currency between us and one neighbour, with its mirror."""

    peer: str
    side: Side
    mirror: VillageMirror

    @property
    def direction(self) -> Direction:
        return self.mirror.issuer, self.mirror.holder, self.mirror.asset


@read
def listed(call: Call, session: Session) -> Response:
    """Every line, newest first. Raises NotFound."""
    account, asked, now_ms = _account(call, session), call.query(Below), milliseconds(clock.now())
    below = (asked.epoch, asked.below) if asked.below else None
    return village_page(
        call,
        session,
        "wallet/village_lines.html",
        peers=[account.peer],
        account=account,
        others=between(session, me(call), clock.now(), account.peer).sides,
        found=lines(session, account.direction, below),
        wanted=asked,
        points=checkpoints(session, account.direction, MOST_POINTS),
        line_names=LINE_NAMES,
        may_contest=lambda line: may_contest(line, now_ms),
        contested=contested_seqs(session, account.peer, account.mirror.asset),
    )


@read
def statement(call: Call, session: Session) -> Response:
    """The lines of some days and the point that both signed, to be printed. Raises NotFound."""
    account, asked = _account(call, session), call.query(Days)
    zone, wrong = call.collective.timezone, None
    since = asked.since or days_ago(30, zone)
    until = asked.until or days_ago(0, zone)
    found: list[VillageLine] = []
    try:
        days = (morning_ms("since", since, zone) or 0, morning_ms("until", until, zone, more=1) or 0)
        found = lines_of_days(session, account.direction, *days, MOST_PRINTED)
    except Invalid as refusal:
        wrong = refusal
    return village_page(
        call,
        session,
        "wallet/village_statement.html",
        wrong,
        peers=[account.peer],
        account=account,
        since=since,
        until=until,
        found=found,
        is_cut=len(found) == MOST_PRINTED,
        signed=(signed := _signed(session, account)),
        our_signature=_our_signature(call, account, signed) if signed else None,
        now=clock.now(),
        line_names=LINE_NAMES,
    )


@read
def table(call: Call, session: Session) -> Response:
    """All lines for a spreadsheet. Raises NotFound."""
    account = _account(call, session)
    headers = _attached(f"{call.path['peer']}-{account.side.currency.code}.csv")
    return Response(b"".join(_table(session, account)), media_type="text/csv; charset=utf-8", headers=headers)


@read
def proof(call: Call, session: Session) -> Response:
    """Every line and the last point with both signatures, for whoever must be convinced. Raises NotFound."""
    account = _account(call, session)
    said = {
        "about": f"hameau statement {account.mirror.issuer} owes {account.mirror.holder}",
        "asset": account.mirror.asset,
        "node": me(call),
        "evidence": _both(call, session, account),
        "lines": [line_json(line) for line in all_lines(session, account.direction)],
    }
    headers = _attached(f"{call.path['peer']}-{account.side.currency.code}.json")
    return Response(json.encode(said), media_type="application/json", headers=headers)


def _account(call: Call, session: Session) -> Account:
    """Raises NotFound."""
    peer = peer_of(call, session)
    currency: UUID = call.path["currency"]
    mirror = mirror_of(session, me(call), peer, currency)
    sides = between(session, me(call), clock.now(), peer).sides
    side = next((one for one in sides if one.currency.id == currency), None)
    if mirror is None or side is None:
        raise NotFound
    return Account(peer, side, mirror)


def _signed(session: Session, account: Account) -> Signed | None:
    point = next(iter(checkpoints(session, account.direction, 1)), None)
    if point is None:
        return None
    proofs = proofs_of(session, [decode(point.theirs).id])
    return Signed(point, next((one for one in proofs if one.item.body == point.theirs), None))


def _our_signature(call: Call, account: Account, signed: Signed) -> Evidence:
    return signed_now(call.app, signed.point.ours, account.peer)


def _both(call: Call, session: Session, account: Account) -> list[Raw]:
    """Their signature as it came, and ours."""
    signed = _signed(session, account)
    if signed is None:
        return []
    theirs = shown([signed.theirs] if signed.theirs else [])
    return [*theirs, Raw(_our_signature(call, account, signed).to_json())]


def _table(session: Session, account: Account) -> Iterator[bytes]:
    scale = account.side.currency.scale
    yield b"\xef\xbb\xbf" + csv_line(COLUMNS)
    for line in all_lines(session, account.direction):
        at = instant(line.at).astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        is_signed = line.epoch < account.mirror.epoch or line.seq <= account.mirror.agreed
        amounts = (amount_text(line.delta, scale), amount_text(line.balance, scale))
        words = (harmless(line.kind), harmless(line.ref))
        yield csv_line((line.epoch, line.seq, at, *words, *amounts, "yes" if is_signed else "no", line.hash))


def _attached(name: str) -> dict[str, str]:
    safe = "".join(sign if sign.isalnum() or sign in "-._" else "-" for sign in name)
    return {"content-disposition": f'attachment; filename="{safe}"', "cache-control": "no-store"}


ONE = "/admin/money/village/{peer}/lines/{currency:uuid}"
MAY = permissions.VILLAGE
DOORS = (
    page("GET", ONE, "wallet.village_lines", listed, needs=MAY, query=Below),
    page("GET", f"{ONE}/statement", "wallet.village_statement", statement, needs=MAY, query=Days),
    page("GET", f"{ONE}/table", "wallet.village_table", table, needs=MAY),
    page("GET", f"{ONE}/proof", "wallet.village_proof", proof, needs=MAY),
)
