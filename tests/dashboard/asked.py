"""The dashboard's answers, without a browser."""

import asyncio
from pathlib import Path

from httpx import ASGITransport, AsyncClient, Response

from flows.dashboard.app import dashboard


def ask(data: Path, *addresses: str, headers: dict[str, str] | None = None) -> list[Response]:
    """What the dashboard over a data folder answers at addresses of its own."""

    async def asked() -> list[Response]:
        app = dashboard(data)
        reader = AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1", headers=headers)
        async with app.router.lifespan_context(app), reader:
            return [await reader.get(address) for address in addresses]

    return asyncio.run(asked())
