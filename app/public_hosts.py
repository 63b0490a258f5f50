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


def private_peer(extensions: Mapping[str, Any]) -> str | None:
    """Return the address an answer of httpx came from, if that is not a public one.

    A name can lead elsewhere by the time that it is connected to.
    """
    stream = extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    return str(peer[0]) if peer and not _is_public(str(peer[0])) else None


def _is_public(address: str) -> bool:
    return ip_address(address.partition("%")[0]).is_global
