"""An environment for a copy of the checkout: the copy's packages, and of this environment all that others publish.

python shared_environment.py    makes it for the current folder, or adds what is new there
"""

import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

OURS: Final = Path(sys.prefix)
SCRIPT: Final = f"#!{OURS}/bin/python"


def make(copy: Path) -> None:
    """Make it, or add what is new: a second or two, where the whole of it would take a minute."""
    environment = copy / ".venv"
    if not environment.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)  # noqa: S603 - ours
        for program in (OURS / "bin").iterdir():
            _share(program, environment)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    # Folders that a `.pth` file names are searched, but no `.pth` file in them is read: our own packages stay out.
    sources = [str(project.parent / "src") for project in _projects(copy)]
    (packages / "copy.pth").write_text("\n".join([*sources, sysconfig.get_path("purelib")]))
    for project in _projects(copy):
        _describe(project, packages)


def _projects(copy: Path) -> Iterator[Path]:
    for pattern in ("contracts", "libs/*", "services/*", "infra"):
        yield from copy.glob(f"{pattern}/pyproject.toml")


def _share(program: Path, environment: Path) -> None:
    """One of our programs, run by the other environment's interpreter if it is a script."""
    there = environment / "bin" / program.name
    if there.exists() or program.is_dir():
        return
    content = program.read_bytes()
    if content.startswith(SCRIPT.encode()):
        there.write_bytes(content.replace(str(OURS).encode(), str(environment).encode(), 1))
        shutil.copymode(program, there)
    else:
        there.symlink_to(program)


def _describe(project: Path, packages: Path) -> None:
    """What an installed package says of itself."""
    about = tomllib.loads(project.read_text())["project"]
    folder = packages / f"{about['name']}-{about['version']}.dist-info"
    folder.mkdir(exist_ok=True)
    fields = {"Metadata-Version": "2.4", "Name": about["name"], "Version": about["version"]}
    lines = [f"{field}: {value}\n" for field, value in {**fields, "Summary": about["description"]}.items()]
    (folder / "METADATA").write_text("".join(lines))


if __name__ == "__main__":
    make(Path.cwd())
