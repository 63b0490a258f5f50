"""Whether a host is on the public Internet: nothing else is opened for somebody outside."""

import socket
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any


def private_address(host: str, port: int) -> str | None:
    """Return an address of a host that is not a public one; None: all of them are.

    Raises:
        OSError: The host is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return next((str(told) for *_, (told, *_rest) in found if not _is_public(str(told))), None)


class PrivateAddressError(OSError):
    """A host is not on the public Internet."""


def public_address(host: str, port: int) -> str:
    """Return an address of a host, to connect to and to nothing else: its name may lead elsewhere.

    Raises:
        PrivateAddressError: One of its addresses is not a public one.
        OSError: The host is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    told = [str(address) for *_, (address, *_rest) in found]
    if private := next((one for one in told if not _is_public(one)), None):
        raise PrivateAddressError(f"{host} leads to the private address {private}")
    return told[0]


def private_peer(extensions: Mapping[str, Any]) -> str | None:
    """Return the address an answer of httpx came from, if that is not a public one.

    A name can lead elsewhere by the time that it is connected to.
    """
    stream = extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    return str(peer[0]) if peer and not _is_public(str(peer[0])) else None


def _is_public(address: str) -> bool:
    return ip_address(address.partition("%")[0]).is_global
