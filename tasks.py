"""Everything one does with this repository, by name: `python3 tasks.py NAME`, or `make NAME`.

Standard library only. Keeps a virtual environment in `.venv`, made on first use and renewed when the project's
requirements change: by uv where it is installed and works, by pip otherwise.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "installed.txt"
CONSTRAINTS = ROOT / "constraints.txt"

# What each task needs; a later set holds the earlier ones.
EXTRAS = ("mock,score", "all", "dev")


def demo(*args: str) -> None:
    """Run the whole story against the local sandbox: CRM file in, scored accounts and a report out."""
    run_in_venv("mock,score", "-m", "zianalytics", "demo", *args)


def mock(*args: str) -> None:
    """Start the sandbox and leave it running; takes the options of `zia mock`."""
    run_in_venv("mock,score", "-m", "zianalytics", "mock", *args)


def lab(*args: str) -> None:
    """Open JupyterLab on the notebooks; each starts a sandbox of its own."""
    run_in_venv("all", "-m", "jupyter", "lab", "--notebook-dir", str(ROOT / "notebooks"), *args)


def test(*args: str) -> None:
    """Run the tests, notebooks included."""
    notebooks = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=180"]
    parallel = ["-n", "2", "--dist", "loadfile"]
    run_in_venv("dev", "-m", "pytest", "-m", "not bench", *notebooks, *parallel, *args)


def lint() -> None:
    """Check style and types."""
    run_in_venv("dev", "-m", "ruff", "check", ".")
    run_in_venv("dev", "-m", "ruff", "format", "--check", ".")
    run_in_venv("dev", "-m", "mypy")


def check() -> None:
    """Check style and types, then run the tests."""
    lint()
    test()


def fix() -> None:
    """Mend what can be mended by machine: format, import order, simple lint."""
    run_in_venv("dev", "-m", "ruff", "check", "--fix", ".")
    run_in_venv("dev", "-m", "ruff", "format", ".")


def contract() -> None:
    """Resolve the mock's OpenAPI documents into the JSON that is checked in."""
    run_in_venv("dev", "-m", "mockserver.contract.resolve")


def docs() -> None:
    """Write the tables of docs/api.md: every operation, from the client's table and the sandbox's contract."""
    run_in_venv("mock,score", "docs/api_page.py")


def bench(*args: str) -> None:
    """Run the benchmarks, or those named."""
    for script in sorted((ROOT / "benchmarks").glob("*.py")):
        if not args or script.stem in args:
            print(f"== {script.name}", flush=True)
            run_in_venv("dev", str(script))


TASKS: dict[str, Callable[..., None]] = {
    task.__name__: task for task in (demo, test, check, lint, fix, lab, mock, contract, docs, bench)
}


def run_in_venv(extra: str, *arguments: str) -> None:
    """Run Python in `.venv` with these arguments; end this process if it fails."""
    prepare(extra)
    done = subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def prepare(extra: str) -> None:
    """Make `.venv` hold the project with at least this extra."""
    wanted = fingerprint()
    stamp = STAMP.read_text(encoding="utf-8").split("\n") if STAMP.exists() and PYTHON.exists() else []
    if stamp[:1] == [wanted] and EXTRAS.index(stamp[1]) >= EXTRAS.index(extra):
        return
    print(f"Installing the project into {VENV.relative_to(ROOT)} (once; a minute or two) ...", flush=True)
    if not (install_with_uv(extra) or install_with_pip(extra)):
        sys.exit("The installation failed; see the messages above. Delete .venv and try again once they are mended.")
    STAMP.write_text(f"{wanted}\n{extra}", encoding="utf-8")


def fingerprint() -> str:
    """Changes whenever the requirements or the interpreter do."""
    content = b"".join(path.read_bytes() for path in (ROOT / "pyproject.toml", CONSTRAINTS))
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def install_with_uv(extra: str) -> bool:
    """Install with uv, ten times as fast; False when it is absent or fails (say, behind a proxy it does not trust)."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    steps = [
        [uv, "venv", "--seed", "--allow-existing", "--python", sys.executable, str(VENV)],
        [uv, "pip", "install", "--python", str(PYTHON), "-e", f".[{extra}]", "-c", str(CONSTRAINTS)],
    ]
    if all(subprocess.run(step, cwd=ROOT, check=False).returncode == 0 for step in steps):
        return True
    print("uv did not succeed; going on with pip.", flush=True)
    return False


def install_with_pip(extra: str) -> bool:
    """Install with pip, which every Python has; says how far it is, since it takes a minute or two."""
    if not PYTHON.exists():
        print("  1 of 3: making the environment ...", flush=True)
        venv.create(VENV, with_pip=True)
    pip_install = [str(PYTHON), "-u", "-m", "pip", "install"]  # -u: each line is told when it is written
    plain = ["--disable-pip-version-check", "--no-color", "--progress-bar", "off"]
    step = [*pip_install, *plain, "-e", f".[{extra}]", "-c", str(CONSTRAINTS)]
    # pip's complaints come on its standard error: dozens about an index that serves all the same, told when it fails
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        subprocess.Popen(
            step, cwd=ROOT, stdout=subprocess.PIPE, stderr=complaints, encoding="utf-8", errors="replace"
        ) as pip,
    ):
        for said in stages(pip.stdout or ()):
            print(f"  {said}", flush=True)
        if pip.wait():
            complaints.seek(0)
            sys.stderr.write(complaints.read())
    return pip.returncode == 0


def stages(lines: Iterable[str]) -> Iterator[str]:
    """What to tell of the hundreds of lines that pip prints: one in ten packages, and the step that is silent."""
    fetched = 0
    for line in lines:
        words = line.split()
        if words[:1] == ["Collecting"]:
            fetched += 1
            if fetched % 10 == 1:
                yield f"2 of 3: fetching packages, number {fetched} is {words[1]} ..."
        elif line.startswith("Installing collected packages: "):
            yield f"3 of 3: installing {line.count(',') + 1} packages, the longest step ..."


def main(arguments: list[str]) -> None:
    """Run the task that is named, or list them all."""
    if sys.version_info < (3, 11):  # noqa: UP036 (this file is also what an older Python is greeted by)
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not arguments or arguments[0] not in TASKS:
        print("python3 tasks.py NAME, or make NAME:\n")
        for name, task in TASKS.items():
            print(f"  {name:10}{(task.__doc__ or '').splitlines()[0]}")
        sys.exit(0 if not arguments or arguments[0] in ("help", "--help", "-h") else 2)
    try:
        TASKS[arguments[0]](*arguments[1:])
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
