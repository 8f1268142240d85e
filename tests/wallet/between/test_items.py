"""Bytes of one item: what may be read in two ways is not read at all."""

from uuid import UUID

import pytest

from wallet.between import messages as m
from wallet.between.items import read_item
from wallet.between.strict import Malformed

ID = str(UUID(int=7))
CANCEL = f'{{"t":"cancel","id":"{ID}","made":1,"reason":"x"}}'


def test_what_we_write_is_read() -> None:
    said = m.Charge(id=UUID(int=7), made=1, asset="a/eur", epoch=1, handle="h", amount=3, exp=9)
    assert read_item(m.encode(said)) == said


def test_another_order_or_spelling_is_read() -> None:
    assert read_item(f'{{ "made": 1, "id": "{ID}", "t": "cancel" }}'.encode()) == m.Cancel(
        id=UUID(int=7), made=1
    )


@pytest.mark.parametrize(
    "body",
    [
        CANCEL.replace('"made":1', '"made":1,"made":2'),
        CANCEL.replace('"made":1', '"made":9007199254740992'),
        CANCEL.replace('"made":1', '"made":1.0'),
        CANCEL.replace('"x"', '"\\u0000"'),
        CANCEL.replace('"x"', '"\\ud800"'),
        CANCEL.replace('"x"', f'"{"x" * 201}"'),
        CANCEL.replace('"reason"', '"else"'),
        CANCEL.replace("cancel", "pay"),
        CANCEL + " {}",
        "[]",
        "",
    ],
)
def test_what_two_readers_may_read_otherwise_is_refused(body: str) -> None:
    with pytest.raises(Malformed):
        read_item(body.encode())
