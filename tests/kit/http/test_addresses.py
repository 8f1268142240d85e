"""Every address that is not public is refused, whatever it hides behind."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.http.addresses import first_refused, is_loopback, why_refused

any_v4 = st.integers(0, 2**32 - 1).map(IPv4Address)
any_v6 = st.integers(0, 2**128 - 1).map(IPv6Address)
prefixes = (0, 0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96, 0x64FF9B0001 << 80)
"""With an IPv4 address in the last 32 bits: compatible, mapped, translated, NAT64 and its local use."""

NAMED = {
    "0.0.0.0": "this network",  # noqa: S104
    "10.1.2.3": "private",
    "100.64.0.1": "carrier-grade NAT",
    "127.0.0.1": "loopback",
    "169.254.169.254": "link-local",
    "172.31.255.255": "private",
    "192.0.0.8": "protocol assignments",
    "192.88.99.1": "6to4 relay",
    "192.168.1.1": "private",
    "198.19.0.1": "benchmarking",
    "203.0.113.9": "documentation",
    "224.0.0.251": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "unspecified",
    "::1": "loopback",
    "::ffff:127.0.0.1": "IPv4-mapped",
    "::ffff:8.8.8.8": "IPv4-mapped",
    "::ffff:0:10.0.0.1": "IPv4-translated",
    "::7f00:1": "IPv4-compatible",
    "64:ff9b::7f00:1": "NAT64",
    "64:ff9b:1::a00:1": "local NAT64",
    "100::1": "discard",
    "2001::1": "Teredo",
    "2001:2::1": "benchmarking",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4",
    "3fff::1": "documentation",
    "5f00::1": "segment routing",
    "fd12::1": "unique local",
    "fe80::1": "link-local",
    "fe80::1%1": "scoped",
    "2606:4700::1%eth0": "scoped",
    "fec0::1": "site-local",
    "ff02::fb": "multicast",
    "4000::1": "not global",
    "2606:4700::5efe:10.0.0.1": "IPv4 inside ISATAP",
    "127.1": "not an address",
    "localhost": "not an address",
}


@pytest.mark.parametrize(("address", "why"), NAMED.items())
def test_each_block_has_its_reason(address: str, why: str) -> None:
    assert why_refused(address) == why


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a01:e0a::1"])
def test_public_addresses_pass(address: str) -> None:
    assert why_refused(address) == ""
    assert first_refused([address], loopback=False) == ""


@given(st.one_of(any_v4, any_v6))
def test_nothing_that_is_not_global_passes(ip: IPv4Address | IPv6Address) -> None:
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        assert why_refused(str(ip))


@given(any_v4, st.sampled_from(prefixes))
def test_no_ipv4_hides_in_ipv6(inner: IPv4Address, prefix: int) -> None:
    assert why_refused(str(IPv6Address(prefix | int(inner))))


@given(any_v4, st.integers(0, 2**80 - 1))
def test_nothing_goes_through_6to4(inner: IPv4Address, rest: int) -> None:
    assert why_refused(str(IPv6Address((0x2002 << 112) | (int(inner) << 80) | rest))) == "6to4"


@given(st.integers(0, 2**96 - 1))
def test_nothing_goes_through_teredo(rest: int) -> None:
    assert why_refused(str(IPv6Address((0x20010000 << 96) | rest))) == "Teredo"


@given(st.one_of(any_v4, any_v6))
def test_only_loopback_is_loopback(ip: IPv4Address | IPv6Address) -> None:
    assert is_loopback(str(ip)) == (ip_address(str(ip)).is_loopback and "ffff" not in str(ip))
    assert (first_refused([str(ip)], loopback=True) == "") == is_loopback(str(ip))


def test_one_bad_address_spoils_a_name() -> None:
    assert first_refused(["1.1.1.1", "10.0.0.1"], loopback=False) == "10.0.0.1 is private"
    assert first_refused(["127.0.0.1", "1.1.1.1"], loopback=True) == "1.1.1.1 is not loopback"
