"""The unprivileged account that PostgreSQL runs under when we are root: it refuses to be root itself."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Account = pwd.struct_passwd


def unprivileged(checkout: Path, environment: Mapping[str, str]) -> Account | None:
    """Choose the user who called sudo, else the checkout's owner, else a system account; None when not root."""
    if os.geteuid():
        return None
    by_uid = {account.pw_uid: account for account in pwd.getpwall()}
    by_name = {account.pw_name: account for account in by_uid.values()}
    candidates = (
        by_uid.get(int(environment.get("SUDO_UID", 0))),
        by_uid.get(checkout.stat().st_uid),
        by_name.get("postgres"),
        by_name.get("nobody"),
    )
    return next(account for account in candidates if account and account.pw_uid)


def identity(account: Account | None) -> dict[str, Any]:
    """Arguments that make a subprocess run under this account; None changes nothing."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def can_reach(account: Account, folder: Path) -> bool:
    """Tell whether the account may enter the folder."""
    probe = ["test", "-x", str(folder)]
    return subprocess.run(probe, cwd="/", check=False, **identity(account)).returncode == 0  # noqa: S603 - `test`
