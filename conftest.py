"""What every test of the workspace shares."""

# Unless it knows the real ones, pytest takes the folders `contracts` and `infra` for packages of these names.
import contracts  # noqa: F401 - as above
import infra  # noqa: F401 - as above

collect_ignore = ["examples"]  # each is tested outside of this checkout, by a test of its name
