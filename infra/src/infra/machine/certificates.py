"""Issuing the certificates of one home: an authority made for it, and one of its own for each listener.

The authority's key is never written, so nobody can make a certificate that its clients would trust.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import trustme

from infra.machine.loopback import LOOPBACK
from infra.machine.private_file import write_private
from infra.machine.tls import Tls

VALID_FOR = timedelta(days=365)  # every start makes new ones


def issue(tls: Tls, listeners: Iterable[str]) -> None:
    """Make a new authority and new certificates, for these names of this machine only."""
    authority = trustme.CA(organization_name="Counterstep")
    not_after = datetime.now(UTC) + VALID_FOR
    for listener in listeners:
        issued = authority.issue_cert(LOOPBACK, "localhost", common_name=listener, not_after=not_after)
        write_private(tls.certificate(listener), issued.private_key_and_cert_chain_pem.bytes().decode())
    write_private(tls.authority, authority.cert_pem.bytes().decode())
