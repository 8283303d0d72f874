"""An API's error as the failure that a person is shown."""

from counterstep.client import ApiError, ProblemError

from infra.machine.user_error import UserError


def user_error_of(error: ApiError) -> UserError:
    """The failure of the service; the fields that are wrong are its log."""
    if isinstance(error, ProblemError):
        wrong = "\n".join(f"{each.field}: {each.detail}" for each in error.errors)
        return UserError(error.service, f"{error.detail} ({error.status})", wrong)
    return UserError(error.service, str(error).removeprefix(f"{error.service} "))
