"""The backs of a batch: the house's own drawing or a picture, and the file that a printer takes."""

import hashlib
from pathlib import Path
from uuid import UUID

from starlette.responses import Response

from kit.app import App
from kit.choices import read_choice
from kit.errors import Invalid, Refusal
from kit.i18n import _
from kit.pictures import MOST_BYTES, open_picture, within
from kit.web import Call, file, flow, page
from wallet.backs import Back, Look, backs_file
from wallet.card_refusals import BatchUnknown
from wallet.choices import MoneyRules
from wallet.pages.batches import batch_page
from wallet.permissions import CARDS
from wallet.queries.batches import batch_by_id, batch_cards
from wallet.service.cards.batches import set_back_image

WIDE = 1300
"""Pixels of a back image: 300 to the inch, and a little more."""


@flow
def picture(call: Call) -> Response:
    """A picture for this batch, from so many cards on; without one, the house's back. Raises BatchUnknown."""
    batch_id: UUID = call.path["id"]
    try:
        upload = call.file("picture")
        name = _kept(call.app, upload.data) if upload and upload.data else ""
        if name:
            _refuse_few(call, batch_id)
        call.app.db.write(lambda session: set_back_image(session, call.principal, batch_id, name).id)
    except BatchUnknown:
        raise
    except Refusal as refusal:
        with call.app.db.read() as session:
            return batch_page(call, session, batch_id, refusal)
    return call.see_other("wallet.batch", id=batch_id, notice=_("The back of the cards is saved."))


@flow
def printable(call: Call) -> Response:
    """One page for each card. Raises BatchUnknown."""
    with call.app.db.read() as session:
        batch = batch_by_id(session, call.path["id"])
        backs = [
            Back(card.number, call.absolute(f"/c/{card.code}")) for card in batch_cards(session, batch.id)
        ]
    house = call.collective
    image = _folder(call.app) / batch.back_image if batch.back_image else None
    own = image.read_bytes() if image and image.is_file() else None
    website = (house.website or call.app.settings.node.url).partition("://")[2].rstrip("/")
    data = backs_file(backs, Look(house.name, house.accent, website, own))
    headers = {
        "content-disposition": f'attachment; filename="cards-{batch.id.hex[-6:]}.pdf"',
        "cache-control": "no-store",
    }
    return Response(data, media_type="application/pdf", headers=headers)


def _refuse_few(call: Call, batch_id: UUID) -> None:
    with call.app.db.read() as session:
        least = read_choice(session, MoneyRules).back_image_from
        cards = len(batch_cards(session, batch_by_id(session, batch_id).id))
    if cards < least:
        sentence = _("A batch has its own back from {least} cards on.").format(least=least)
        raise Invalid(sentence, fields={"picture": sentence})


def _kept(app: App, data: bytes) -> str:
    """The picture in the node's files, and its name. Raises PictureTooLarge, NotAPicture."""
    name = f"{hashlib.sha256(data).hexdigest()[:32]}.webp"
    folder = _folder(app)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{name}.part"
    partial.write_bytes(within(open_picture(data, WIDE), WIDE, WIDE))
    partial.replace(folder / name)
    return name


def _folder(app: App) -> Path:
    return app.files / "cards"


DOORS = (
    page(
        "POST", "/admin/money/batches/{id:uuid}/picture", "wallet.batch_picture", picture, needs=CARDS,
        max_body=MOST_BYTES + (1 << 20),
    ),
    file("GET", "/admin/money/batches/{id:uuid}/backs.pdf", "wallet.batch_backs", printable, needs=CARDS),
)  # fmt: skip
