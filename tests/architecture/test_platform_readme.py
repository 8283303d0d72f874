"""The smallest saga of the platform's README is written down as it says, and passes its own tests."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "libs" / "counterstep" / "README.md"
FILE = re.compile(r"^```python\n# (?P<path>\S+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_smallest_saga_passes_its_tests(tmp_path: Path) -> None:
    for found in FILE.finditer(README.read_text()):
        file = tmp_path / found["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found["text"])
    for package in ("stay", "stay/contracts"):
        (tmp_path / package / "__init__.py").touch()

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_stay.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
