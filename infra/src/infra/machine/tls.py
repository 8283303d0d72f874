"""TLS for one home: where its certificates are, and how clients check them."""

import shutil
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.machine.loopback import DIRECTLY
from infra.machine.user_error import UserError


@dataclass(frozen=True)
class Tls:
    """The certificates of one home; TLS is on where their folder exists, and is remembered by it."""

    folder: Path

    @property
    def on(self) -> bool:
        return self.folder.exists()

    @property
    def authority(self) -> Path:
        """The certificate that clients check all others against."""
        return self.folder / "authority.pem"

    def certificate(self, listener: str) -> Path:
        """A listener's key and certificate, in one file."""
        return self.folder / f"{listener}.pem"

    def switch(self, *, on: bool) -> None:
        """Choose for the next start."""
        if on:
            self.folder.mkdir(mode=0o700, exist_ok=True)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def scheme(self, plain: str) -> str:
        """The scheme of an address: `https` for `http` where TLS is on."""
        return f"{plain}s" if self.on else plain

    def context(self) -> ssl.SSLContext:
        """What a client connects with: it trusts this authority alone, and checks host names.

        Raises UserError where the authority's file was cut off or edited.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.authority.exists():  # switched on, it is there from the next start
            try:
                context.load_verify_locations(self.authority)
            except OSError:
                raise UserError(
                    "tls", f"{self.authority} cannot be read; type `make down up`, which makes a new one"
                ) from None
        return context

    def http(self) -> dict[str, Any]:
        """Arguments for httpx2's clients."""
        return {**DIRECTLY, "verify": self.context()}
