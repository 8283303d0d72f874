"""What the broker and the databases must hold before services start: this door declares, creates and migrates.

Every function may be run again: it changes only what differs from what is wanted. None of them runs inside of a
service, whose users have no right to do any of this.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.provision.broker import TopologyMismatchError, declare
    from counterstep.provision.databases import create_databases, create_role
    from counterstep.provision.revisions import upgrade
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "provision.broker": ("TopologyMismatchError", "declare"),
            "provision.databases": ("create_databases", "create_role"),
            "provision.revisions": ("upgrade",),
        },
    )

__all__ = ["TopologyMismatchError", "create_databases", "create_role", "declare", "upgrade"]
