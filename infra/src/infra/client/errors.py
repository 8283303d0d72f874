"""Turns an API's error into the error that the user is shown."""

from counterstep.client import ApiError, ProblemError

from infra.machine.user_error import UserError


def user_error_of(error: ApiError) -> UserError:
    """The error with the service's name. The wrong fields of a request are its log."""
    if isinstance(error, ProblemError):
        wrong = "\n".join(f"{each.field}: {each.detail}" for each in error.errors)
        return UserError(error.service, f"{error.detail} ({error.status})", wrong)
    reason = str(error).removeprefix(f"{error.service} ")
    if error.status is None:
        reason += f". Start it with `make up`, or read its log: `make logs PART={error.service}`"
    return UserError(error.service, reason)
