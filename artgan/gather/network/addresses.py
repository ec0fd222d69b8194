"""Which addresses may be asked: those of the public internet only.

A server could otherwise send us, by a redirect or in a listing, to a router, a printer
or a program on this computer, which trust whoever is inside. A name is resolved once,
checked, and connected to as resolved, so that it cannot change its meaning in between.
"""

import ipaddress
import socket

from artgan.gather.network.failures import NoConnection, NotPublic

PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")  # RFC 4291: all that is handed out.
NAT64 = ipaddress.ip_network(
    "64:ff9b::/96"
)  # RFC 6052: IPv4 as IPv6-only networks see it.
SPECIAL_IPV4 = (  # RFC 6890 and RFC 7526; older Pythons take parts of them for global.
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
)


def is_public(text: str):
    """Tell whether an IP address, such as "203.0.113.7", is one of the public internet.

    An IPv4 address inside an IPv6 one (6to4, NAT64) is judged by itself. Raises
    ValueError when it is no IP address.
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if address.version == 6:
        inner = address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None:
            return address in PUBLIC_IPV6 and address.is_global
        address = inner
    special = address.is_multicast or any(address in part for part in SPECIAL_IPV4)
    return address.is_global and not special


def resolve(host: str, port: int):
    """Look a name up: a list of (family, socket address), never empty.

    Numbers in any spelling that the system takes, such as 0x7f.1, become addresses
    here. Raises NoConnection when the name is not known.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        raise NoConnection("its name is not known") from error
    return [(family, place) for family, _, _, _, place in found]


def resolve_public(host: str, port: int):
    """Look a name up as `resolve` does; raise NotPublic unless all of it is public."""
    found = resolve(host, port)
    if not all(is_public(place[0]) for _, place in found):
        raise NotPublic(f"{host} is not an address of the public internet")
    return found
