"""The licence, and the exact source that runs, for whoever asks (AGPL-3.0 §13)."""

import io
import subprocess
import tarfile
from pathlib import Path

from starlette.responses import PlainTextResponse, Response

from kit.web import Call, file, flow
from node.version import ROOT, VERSION, commit

PARTS = (
    "config",
    "kit",
    "federation",
    "people",
    "agenda",
    "node",
    "templates",
    "static",
    "locale",
    "migrations",
)
FILES = ("LICENSE", "README.md", "pyproject.toml", "requirements.txt")


@flow
def licence(call: Call) -> Response:
    """The text of the licence."""
    return PlainTextResponse((ROOT / "LICENSE").read_text(encoding="utf-8"))


@flow
def archive(call: Call) -> Response:
    """The running source as one file: the commit of the clone, else the files themselves."""
    content = _from_clone() if commit() and _is_unchanged() else _from_files()
    name = f"hameau-{VERSION}.tar.gz"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/gzip", headers=headers)


def _is_unchanged() -> bool:
    return not _git("status", "--porcelain", "--untracked-files=no").strip()


def _from_clone() -> bytes:
    return _git("archive", "--format=tar.gz", f"--prefix=hameau-{VERSION}/", "HEAD")


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, timeout=60, check=True).stdout


def _from_files() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in (*PARTS, *FILES):
            path = ROOT / name
            if path.exists():
                tar.add(path, f"hameau-{VERSION}/{name}", filter=_only_source)
    return packed.getvalue()


def _only_source(info: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if "__pycache__" in Path(info.name).parts else info


DOORS = (
    file("GET", "/source/licence", "node.licence", licence),
    file("GET", "/source/hameau.tar.gz", "node.source_archive", archive),
)
