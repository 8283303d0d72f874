"""What every test of the workspace shares."""

from hypothesis import settings

# Unless it knows the real ones, pytest takes the folders `contracts` and `infra` for packages of these names.
import contracts  # noqa: F401 - as above
import infra  # noqa: F401 - as above

settings.register_profile("untimed", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("untimed")

collect_ignore = ["examples"]  # each is tested outside of this checkout, by a test of its name
