"""Headers of our pages: nothing from outside, nothing inline, and a stylesheet that is fetched once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from datasette.utils import tilde_encode

from evidencebase.site.databases import alone, ours

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette

_SAFE: Final = (
    (b"content-security-policy", b"default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
_KEPT: Final = ((b"cache-control", b"public, max-age=31536000, immutable"),)


def with_headers(datasette: Datasette) -> Callable[[Any], Any]:
    """Middleware that adds the headers to answers about our databases."""

    def wrap(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
            more = _more(datasette, scope) if scope["type"] == "http" else ()
            inner = _without_base(datasette, scope) if more is _SAFE else scope

            async def sending(message: dict[str, Any]) -> None:
                if more and message["type"] == "http.response.start":
                    fresh = {name for name, _ in more}
                    kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in fresh]
                    message = {**message, "headers": [*kept, *more]}
                await send(message)

            await app(inner, receive, sending)

        return wrapped

    return wrap


def our_path(datasette: Datasette, path: str) -> str | None:
    """The database of ours an address is about; None for other databases and for Datasette's own pages."""
    base = datasette.setting("base_url")
    path = path[len(base) - 1 :] if base != "/" and path.startswith(base) else path
    for name in ours(datasette):
        route = f"/{tilde_encode(datasette.databases[name].route)}"
        if path == route or path.startswith((f"{route}/", f"{route}.")):
            return name
    return alone(datasette) if path == "/" or not path.startswith("/-/") else None


def _without_base(datasette: Datasette, scope: dict[str, Any]) -> dict[str, Any]:
    """The request without the base_url that a proxy may leave in front: Datasette adds it to links once more."""
    base = datasette.setting("base_url")
    raw = scope.get("raw_path") or scope["path"].encode()
    if base == "/" or not scope["path"].startswith(base):
        return scope
    return {**scope, "path": scope["path"][len(base) - 1 :], "raw_path": raw[len(base.encode()) - 1 :]}


def _more(datasette: Datasette, scope: dict[str, Any]) -> tuple[tuple[bytes, bytes], ...]:
    path = scope["path"]
    if "/-/static-plugins/evidencebase/" in path:
        return _KEPT if scope.get("query_string", b"").startswith(b"v=") else ()
    return _SAFE if our_path(datasette, path) else ()
