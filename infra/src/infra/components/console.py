"""The console as the launcher sees it: a server whose settings name every address that it reads from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from contracts.topology import SHOP
from counterstep.http.roles import Role
from counterstep.http.tokens import mint

from infra.components.server import Server

CONSOLE = "console"
TOKEN_TTL = timedelta(days=365)  # it opens nothing but views, and each `make up` makes a new one


@dataclass(frozen=True)
class Console(Server):
    """The console of one home."""

    def variables(self, urls: Mapping[str, str], management_url: str, more: Mapping[str, str]) -> dict[str, str]:
        """Its settings in addition to those of every server; `urls` are the services', by name."""
        tls = self.home.tls
        token = mint(self.home.secret("jwt"), issuer=SHOP.name, subject=self.name, role=Role.VIEWER, ttl=TOKEN_TTL)
        return {
            "SERVICE_URLS": json.dumps(dict(urls)),
            "MANAGEMENT_URL": management_url,
            "MANAGEMENT_USER": SHOP.watcher,
            "MANAGEMENT_PASSWORD": self.home.secret(f"broker.{SHOP.watcher}"),
            "CONSOLE_TOKEN": token,
            **({"TLS_AUTHORITY": self.home.alias.of(tls.authority)} if tls.on else {}),
            **more,
        }
