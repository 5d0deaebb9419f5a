"""Pictures of products from the web: of addresses that strangers have chosen.

A visitor's browser tells what is in his cart, and so where its pictures are. So only http and https are asked, only
public addresses (and the shop's own host, wherever it is), without cookies, to the address that was checked, and only
so many bytes are taken.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import httpx

MAX_BYTES = 2 * 1024 * 1024
TIMEOUT = 6.0
"""Seconds for the whole of one picture."""
MAX_HOPS = 3
_REDIRECTS = (301, 302, 303, 307, 308)


class NotFetched(Exception):
    """There is no picture at that address, or none that may be asked for."""


async def fetch_picture(url: str, own_host: str = "") -> bytes:
    """The bytes at `url`. `own_host` is the shop's host, which may be in this house. Raises NotFetched."""
    try:
        async with asyncio.timeout(TIMEOUT):
            for _hop in range(MAX_HOPS):
                content, following = await _fetch(url, own_host)
                if not following:
                    return content
                url = urljoin(url, following)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError) as error:
        raise NotFetched(str(error)) from error
    raise NotFetched("it leads from address to address")


async def _fetch(url: str, own_host: str) -> tuple[bytes, str]:
    """The bytes, or where else they are."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise NotFetched("not an address of the web")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = await _public_address(host, port, is_own=bool(own_host) and host == own_host.lower())
    # To the address that was looked at: a name may answer otherwise the next time it is asked.
    target = httpx.URL(url).copy_with(host=address, fragment=None)
    headers = {"Host": parts.netloc, "Accept": "image/*"}
    async with (
        httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT) as client,
        client.stream("GET", target, headers=headers, extensions={"sni_hostname": host}) as answer,
    ):
        if answer.status_code in _REDIRECTS:
            return b"", answer.headers.get("location", "")
        if answer.status_code != 200:
            raise NotFetched(f"answered {answer.status_code}")
        content = bytearray()
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > MAX_BYTES:
                raise NotFetched("too large")
        return bytes(content), ""


async def _public_address(host: str, port: int, *, is_own: bool) -> str:
    """The first address of a host; raises NotFetched where one of them is not of the public web."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not addresses:
        raise NotFetched("no such host")
    if not is_own and not all(ipaddress.ip_address(address).is_global for address in addresses):
        raise NotFetched("not an address of the public web")
    return addresses[0]
