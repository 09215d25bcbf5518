"""What stands before every page: headers that let nothing foreign run, whom it answers, and the token."""

import hmac
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.dashboard.render import as_html
from flows.dashboard.tries import Tries
from flows.sources import UsageError

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",  # no script of ours makes HTML out of text
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TOKEN = "NEWSLEDGER_TOKEN"
SHORTEST = 16  # characters: a word can be guessed
LONGEST_FORM = 10_000  # bytes
OPEN = ("/static/style.css", "/static/icon.svg")  # what the page that asks for the token looks like
OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
ASKED = "Give the token as `Authorization: Bearer TOKEN`; the server said it when it started."
SLOWER = "Too many wrong tokens came from here; try again in five minutes."


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on a host."""
    name = host.strip("[]").lower()
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def token_for(host: str) -> tuple[str | None, bool]:
    """The token that pages on a host ask for, and whether it was made here: that of NEWSLEDGER_TOKEN, else a new one
    where others than this machine reach it, else None. Raises UsageError for one that can be guessed."""
    given = os.environ.get(TOKEN)
    if given is None:
        return (None, False) if is_loopback(host) else (secrets.token_urlsafe(), True)
    if len(given) < SHORTEST or not given.isascii() or not given.isprintable():
        raise UsageError(
            f"{TOKEN}: a token has {SHORTEST} letters, digits and signs of ASCII or more, so that nobody guesses it"
        )
    return given, False


def guard(app: ASGIApp, host: str, port: int, token: str | None) -> ASGIApp:
    """The application behind its guard. `port` keeps the cookies of two dashboards apart; without a token only this
    machine may be answered. Raises ValueError where it is not."""
    if token is None and not is_loopback(host):
        raise ValueError(f"{host}: no token")
    return _Guard(app, token, f"newsledger_{port}")


@dataclass
class _Guard:
    app: ASGIApp
    token: str | None
    cookie: str
    tries: Tries = field(default_factory=Tries)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.setdefault("cache-control", "private, no-cache")
                headers.update(HEADERS)
            await send(message)

        answer = await self._answer(Request(scope, receive))
        await (answer or self.app)(scope, receive, send_guarded)

    async def _answer(self, request: Request) -> Response | None:
        """What is answered in place of the page; None: the page may be shown."""
        path = request.url.path
        if self.token is None and not is_loopback(_name_of(request.headers.get("host", ""))):
            # A page elsewhere can let its own name lead to this machine (DNS rebinding).
            return PlainTextResponse("This address is answered as localhost or 127.0.0.1 only.\n", 403)
        if self.token and path == "/token" and request.method == "POST":
            return await self._enter(request, self.token)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("This address is only read.\n", 405, headers={"allow": "GET, HEAD"})
        if self.token is None or path in OPEN:
            return None
        if path == "/token":
            return _form(200, request.query_params.get("next", "/"))
        return self._admit(request, self.token)

    def _admit(self, request: Request, token: str) -> Response | None:
        """None for who has the token; a try with one that is wrong is counted."""
        here, typed = _here(request), request.query_params.get("token")
        if _same(request.cookies.get(self.cookie, ""), _pass(token)):
            return None if typed is None else _leave(_own(here))
        if typed is not None:
            return self._try(request, token, typed, here)
        kind, _, borne = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            is_right = self.tries.is_right(_client(request), _same(borne.strip(), token))
            return None if is_right else _refused(429 if is_right is None else 401)
        if "text/html" in request.headers.get("accept", ""):
            return _leave(f"/token?{urlencode({'next': _own(here)})}")
        return _refused(401)

    async def _enter(self, request: Request, token: str) -> Response:
        """The answer to the form."""
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST_FORM:
                return PlainTextResponse("That is more than a token.\n", 413)
        given = dict(parse_qsl(body.decode("utf-8", "replace")))
        return self._try(request, token, given.get("token", "").strip(), given.get("next", "/"))

    def _try(self, request: Request, token: str, typed: str, then: str) -> Response:
        is_right = self.tries.is_right(_client(request), _same(typed, token))
        if is_right is None:
            return _form(429, then, SLOWER)
        if not is_right:
            return _form(401, then, "This is not the token.")
        answer = _leave(_own(then))
        is_secure = request.url.scheme == "https"
        answer.set_cookie(self.cookie, _pass(token), httponly=True, samesite="strict", secure=is_secure)
        return answer


def _pass(token: str) -> str:
    """What the cookie holds: who reads it out of a browser has not the token itself."""
    return hmac.digest(token.encode(), b"cookie of the dashboard", "sha256").hex()


def _same(given: str, kept: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), kept.encode())


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _name_of(host: str) -> str:
    """The name in a Host header, which may have a port: a tunnel has another one than the server."""
    return re.sub(r":\d+$", "", host)


def _here(request: Request) -> str:
    """The address that was asked for, without the token."""
    kept = [(name, value) for name, value in parse_qsl(request.url.query, keep_blank_values=True) if name != "token"]
    path: str = request.scope["raw_path"].decode("latin-1")
    return path + (f"?{urlencode(kept)}" if kept else "")


def _own(path: str) -> str:
    """A path of ours, whatever somebody wrote: nobody is sent elsewhere."""
    return path if OWN_PATH.fullmatch(path) else "/"


def _leave(path: str) -> Response:
    return RedirectResponse(path, 303, headers={"cache-control": "no-store"})


def _form(status: int, then: str, said: str | None = None) -> Response:
    """The page that asks for the token; `said`: what was wrong with the last."""
    body = as_html("token.html", {"next": _own(then), "said": said})
    return Response(body, status, headers={"cache-control": "no-store"} | _wait(status), media_type="text/html")


def _refused(status: int) -> Response:
    said = {401: ASKED, 429: SLOWER}[status]
    headers = {"cache-control": "no-store", "www-authenticate": "Bearer"} | _wait(status)
    return JSONResponse({"error": said}, status, headers=headers)


def _wait(status: int) -> dict[str, str]:
    return {"retry-after": "300"} if status == 429 else {}
