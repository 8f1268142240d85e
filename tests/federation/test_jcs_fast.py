"""The quick way to canonical JSON gives the same bytes as the long one."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from federation.jcs import canonical, canonical_again

NUMBERS = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e21, 1e-6, 1e-7, 1e-5, -0.0, 0.1, 5e-324, 1.7976931348623157e308, 100.0, 123456789.5]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


@given(VALUES)
def test_both_ways_agree(value: object) -> None:
    value = json.loads(json.dumps(value))
    try:
        expected = canonical(value)
    except ValueError:
        return
    assert canonical_again(value) == expected


def test_numbers_near_the_borders_of_notations() -> None:
    for exponent in range(-330, 309):
        for lead in (1.0, 1.5, 9.999999999999999, 4.832):
            value = lead * 10.0**exponent
            if value and math.isfinite(value):
                assert canonical_again([value, -value]) == canonical([value, -value])
