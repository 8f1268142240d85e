"""The ledger as files: a table for a spreadsheet, journals for accounting programs."""

from sqlalchemy.orm import Session
from starlette.responses import Response

from kit.errors import NotFound
from kit.web import Call, page, read
from wallet.exports.kinds import EXPORTS

SEE = "money.see"
FILES = {"ledger-csv": ("ledger.csv", "text/csv"), "hledger": ("ledger.journal", "text/plain"),
         "beancount": ("ledger.beancount", "text/plain")}  # fmt: skip


@read
def download(call: Call, session: Session) -> Response:
    """One file, from one snapshot. Raises NotFound."""
    export = next((one for one in EXPORTS if one.kind == call.path["kind"] and one.kind in FILES), None)
    if export is None:
        raise NotFound
    name, media_type = FILES[export.kind]
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    body = b"".join(export.run(session))
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=headers)


DOORS = (page("GET", "/admin/money/exports/{kind}", "wallet.export", download, needs=SEE),)
