"""Which schemes, ports and machines this node may contact."""

from dataclasses import dataclass

from kit.http.addresses import first_refused
from kit.http.errors import AddressRefused
from kit.http.resolving import Resolver
from kit.http.urls import Target

PUBLIC_PORTS = frozenset({443, 8443})
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Doors:
    """The address rules. Public hosts: https on few ports. This machine: only where a setting says so."""

    resolver: Resolver
    allow_loopback: bool = False
    """Let http and any port through to addresses that say they are this machine; demo and tests only."""
    ports: frozenset[int] = PUBLIC_PORTS

    def check(self, target: Target, *, came_from: Target | None = None) -> None:
        """What can be said before any look-up. Raises AddressRefused.

        `came_from` is the address that redirects here: a public one never leads to this machine.
        """
        if target.is_local:
            allowed = self.allow_loopback and (came_from is None or came_from.is_local)
        else:
            allowed = target.scheme == "https" and target.port in self.ports
        if not allowed:
            raise AddressRefused(cause=f"{target.url}: scheme, port or place")

    async def addresses(self, target: Target) -> list[str]:
        """The IP addresses to connect to: looked up once, and every one of them allowed.

        Raises AddressRefused when a single one is not, Unreachable when there is none. A name is never
        looked up again between this check and the connection, so a rebinding name gains nothing.
        """
        self.check(target)
        if target.is_local:
            found = list(LOOPBACK) if "localhost" in target.host else [target.host]
        else:
            found = await self.resolver.addresses(target.host, target.port)
        refused = first_refused(found, loopback=target.is_local)
        if refused:
            raise AddressRefused(cause=f"{target.host}: {refused}")
        return found
