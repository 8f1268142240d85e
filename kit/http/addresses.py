"""Which IP addresses may be contacted: the public internet, and loopback where a setting allows it.

Python's `is_global` lets NAT64, 6to4 and multicast through, so the special-purpose registries of IANA
(RFC 6890 and its updates) are written out here.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "name server sink",
    "192.52.193.0/24": "multicast tunnel",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "name server sink",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "255.255.255.255/32": "broadcast",
    "240.0.0.0/4": "reserved",
}

_IPV6 = {
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0/96": "IPv4-mapped",
    "::ffff:0:0:0/96": "IPv4-translated",
    "::/96": "IPv4-compatible",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "local NAT64",
    "100::/64": "discard",
    "100:0:0:1::/64": "dummy",
    "2001::/32": "Teredo",
    "2001:2::/48": "benchmarking",
    "2001::/23": "protocol assignments",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "name server sink",
    "3ffe::/16": "6bone",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}

_BLOCKED_V4 = [(IPv4Network(block), why) for block, why in _IPV4.items()]
_BLOCKED_V6 = [(IPv6Network(block), why) for block, why in _IPV6.items()]
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_LOOPBACK_V4 = IPv4Network("127.0.0.0/8")
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
"""Upper half of an interface identifier that holds an IPv4 address (RFC 5214 §6.1)."""


def why_refused(address: str) -> str:
    """Why this IP address is not a public one, in two words; "" when it is public."""
    try:
        ip = ip_address(address)
    except ValueError:
        return "not an address"
    return _why_v4(ip) if isinstance(ip, IPv4Address) else _why_v6(ip)


def is_loopback(address: str) -> bool:
    """Whether this is 127.0.0.0/8 or ::1, written plainly (no IPv4 inside IPv6)."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return ip in _LOOPBACK_V4 if isinstance(ip, IPv4Address) else int(ip) == 1 and ip.scope_id is None


def first_refused(addresses: Iterable[str], *, loopback: bool) -> str:
    """The first address that is not a public one (with `loopback`: not a loopback one) and why, or ""."""
    for address in addresses:
        why = _why_not_loopback(address) if loopback else why_refused(address)
        if why:
            return f"{address} is {why}"
    return ""


def _why_not_loopback(address: str) -> str:
    return "" if is_loopback(address) else "not loopback"


def _why_v4(ip: IPv4Address) -> str:
    for block, why in _BLOCKED_V4:
        if ip in block:
            return why
    return "" if ip.is_global else "not global"


def _why_v6(ip: IPv6Address) -> str:
    if ip.scope_id is not None:
        return "scoped"
    for block, why in _BLOCKED_V6:
        if ip in block:
            return why
    if ip not in _GLOBAL_UNICAST or not ip.is_global:
        return "not global"
    return "IPv4 inside ISATAP" if (int(ip) >> 32) & 0xFFFF_FFFF in _ISATAP else ""
