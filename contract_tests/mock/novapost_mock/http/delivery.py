"""How a fault is carried out on the wire."""

import asyncio
import os
import socket
import struct

from novapost_mock.messages import Delivery

# On Windows the two numbers are short ones.
_RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


async def deliver(transport: asyncio.Transport, head: bytes, content: bytes, how: Delivery) -> bool:
    """Send a reply as its `Delivery` says.

    Args:
        transport: the connection.
        head: status line and headers with the empty line.
        content: the body.
        how: what happens to it. `raw` goes before everything else, a reset before a cut.

    Returns:
        Whether the connection is still in order and may carry another reply.
    """
    if how.delay_seconds > 0:
        await asyncio.sleep(how.delay_seconds)
    if how.raw is not None:
        await _send(transport, how.raw, how)
        return False
    if how.reset_after is not None:
        if how.reset_after >= 0:
            await _send(transport, head, Delivery())
            await _send(transport, content[: how.reset_after], how)
        reset(transport)
        return False
    end = len(content) if how.cut_after is None else how.cut_after
    if how.drip_bytes > 0:
        transport.write(head)
        await _send(transport, content[:end], how)
    else:
        transport.write(head + content[:end])
    return how.cut_after is None


async def _send(transport: asyncio.Transport, content: bytes, how: Delivery) -> None:
    size = how.drip_bytes if how.drip_bytes > 0 else max(len(content), 1)
    for start in range(0, len(content), size):
        if how.drip_bytes > 0:
            await asyncio.sleep(how.drip_seconds)
        transport.write(content[start : start + size])


def reset(transport: asyncio.Transport) -> None:
    """End a connection by RST: the other side sees a reset and not an end."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
