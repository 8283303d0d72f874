"""TLS for one home: an authority made for it, and a certificate of its own for each listener.

The authority's key is never written, so nobody can make a certificate that its clients would trust.
"""

import shutil
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme

from infra.loopback import DIRECTLY, LOOPBACK
from infra.private_file import write_private

VALID_FOR = timedelta(days=365)  # every start makes new ones


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

    def issue(self, listeners: Iterable[str]) -> None:
        """Make a new authority and new certificates, for these names of this machine only."""
        authority = trustme.CA(organization_name="Counterstep")
        not_after = datetime.now(UTC) + VALID_FOR
        for listener in listeners:
            issued = authority.issue_cert(LOOPBACK, "localhost", common_name=listener, not_after=not_after)
            write_private(self.certificate(listener), issued.private_key_and_cert_chain_pem.bytes().decode())
        write_private(self.authority, authority.cert_pem.bytes().decode())

    def scheme(self, plain: str) -> str:
        """The scheme of an address: `https` for `http` where TLS is on."""
        return f"{plain}s" if self.on else plain

    def context(self) -> ssl.SSLContext:
        """What a client connects with: it trusts this authority alone, and checks host names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.authority.exists():  # switched on, it is there from the next start
            context.load_verify_locations(self.authority)
        return context

    def http(self) -> dict[str, Any]:
        """Arguments for httpx's clients."""
        return {**DIRECTLY, "verify": self.context()}
