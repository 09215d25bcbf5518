"""Addresses: how a URL is asked for, and which network addresses may be connected to."""

import re
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

import idna

from flows.collect.fetch.answer import Unanswered

PORTS = {"http": 80, "https": 443}
CONTROLS = "".join(map(chr, range(33)))  # with the space: taken off both ends of a URL, as browsers do
HOST_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
SENT_AS_IT_IS = re.compile(r"[\x21\x23-\x3b\x3d\x3f-\x5f\x61-\x7a|~]+")
KEPT = "!#$%&'()*+,-./:;=?@[\\]^_|~"

# Refused whatever a source allows: services that a cloud offers to its own machines (AWS and most others below
# 169.254/16; AWS's on IPv6; Google's on IPv6; Alibaba; Oracle; Azure), and what is no machine's address.
NEVER = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
            "100.100.100.200/32",
            "192.0.0.192/32",
            "168.63.129.16/32",
            "0.0.0.0/8",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "ff00::/8",
        ),
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
PRIVATE_V6 = tuple(map(ip_network, ("::1/128", "fc00::/7", "fec0::/10")))
# IPv4 addresses as the last 32 bits: compatible, mapped, translated (SIIT), NAT64 and its local form.
ENDS_IN_V4 = tuple(map(IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")))


@dataclass(frozen=True)
class Target:
    """A URL as it is asked for: `url` without user, password and fragment; `name` in ASCII and lower case, an IPv6
    address without its brackets; `path` with the query, encoded as it goes over the wire."""

    scheme: str
    name: str
    port: int
    path: str

    @cached_property
    def netloc(self) -> str:
        """Host and port as in a URL; the usual port left out."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The whole address."""
        return self.origin + self.path

    @property
    def host(self) -> str:
        """What counts as one host: its name and port; http and https on their usual ports are the same one."""
        name = self.name.rstrip(".")
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def host_of(url: str) -> str | None:
    """The name under which a URL's host is spared and remembered; None for what cannot be asked for."""
    try:
        return read_target(url).host
    except Unanswered:
        return None


def read_target(url: str, base: Target | None = None) -> Target:
    """A URL, relative to `base` where that is given. Raises Unanswered (not http, not a URL)."""
    try:
        stripped = url.strip(CONTROLS)
        parts = urlsplit(urljoin(base.url, stripped) if base else stripped)
        name, port = parts.hostname, parts.port
    except ValueError as error:
        raise Unanswered("not a URL", f"{url[:200]!r}: {error}") from error
    if parts.scheme and parts.scheme not in PORTS:
        raise Unanswered("not http", f"only http and https are fetched, not '{parts.scheme[:50]}'")
    if not parts.scheme or not name or port == 0 or ("[" in parts.netloc and ":" not in name):
        raise Unanswered("not a URL", f"{url[:200]!r} has no {'scheme' if not parts.scheme else 'host'} to ask")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not SENT_AS_IT_IS.fullmatch(path):
        path = quote(path.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), safe=KEPT)
    return Target(parts.scheme, _read_name(name), port or PORTS[parts.scheme], path)


def _read_name(name: str) -> str:
    """A host in ASCII and lower case. Raises Unanswered."""
    if ":" in name:
        try:
            return str(IPv6Address(name))
        except ValueError as error:
            raise Unanswered("not a URL", f"[{name[:100]}] is no IPv6 address") from error
    lower = name.lower()
    if not lower.isascii():
        try:
            lower = idna.encode(lower, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise Unanswered("not a URL", f"{name[:100]!r} is no host name: {error}") from error
    if not HOST_NAME.fullmatch(lower) or len(lower) > 254:
        raise Unanswered("not a URL", f"{name[:100]!r} is no host name")
    return lower


def refuse_address(address: str, allow_private: bool) -> str | None:
    """Why a network address is not connected to; None: it may be. One that carries an IPv4 address in it is judged by
    that one; one that is neither public nor private (IANA's registries, RFC 6890) never."""
    told = ip_address(address.partition("%")[0])
    for one in _carried(told) or (told,):
        if any(one in network for network in NEVER if network.version == one.version):
            return f"{address} is link-local, a cloud's own service or no machine's; it is refused always"
        is_private = not one.is_global if one.version == 4 else any(one in network for network in PRIVATE_V6)
        if not is_private and not (one.is_global and (one.version == 4 or one in PUBLIC_V6)):
            return f"{address} is in no network that pages come from; it is refused always"
        if is_private and not allow_private:
            return f"{address} is private; say allow_private = true (or --allow-private) if this source may ask it"
    return None


def _carried(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses in an IPv6 one that leads to them; none for others."""
    if isinstance(address, IPv4Address) or address in (IPv6Address("::"), IPv6Address("::1")):
        return ()
    if address.teredo:
        return address.teredo
    if address.sixtofour:
        return (address.sixtofour,)
    if any(address in network for network in ENDS_IN_V4):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()
