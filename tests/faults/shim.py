"""The failing disk of shim.c from the test's side: built, put under a site, told how to fail, and cut from power."""

from __future__ import annotations

import atexit
import mmap
import os
import random
import shutil
import struct
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.requirements import require

NONE, FULL, BROKEN_ONCE = 0, 1, 2
CONTROL = struct.Struct("4i")
SECTOR = 512
ROOT_NAMES = "|"


@cache
def library(source: str = "shim.c") -> Path:
    """A library of ours to be put under programs, compiled once a run."""
    require("compiler")
    compiler = shutil.which("cc") or shutil.which("gcc") or "cc"
    folder = Path(mkdtemp(prefix="rc-shim-"))
    folder.chmod(0o755)  # PostgreSQL is another user
    atexit.register(shutil.rmtree, folder)
    made = folder / f"{source}.so"
    flags = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-format-truncation"]
    command = [compiler, *flags, "-o", made, Path(__file__).with_name(source), "-ldl"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return made


@dataclass
class Disk:
    """The disk below one folder."""

    root: Path
    shadow: Path

    def __post_init__(self) -> None:
        library()
        self.root = self.root.resolve()
        for name in ("objects", "names", "graves"):
            (self.shadow / name).mkdir(parents=True, exist_ok=True)
        (self.shadow / "control").write_bytes(bytes(CONTROL.size))

    @property
    def environment(self) -> dict[str, str]:
        """What puts a program on this disk."""
        return {
            "LD_PRELOAD": str(library()),
            "FAULT_ROOT": str(self.root),
            "FAULT_SHADOW": str(self.shadow.resolve()),
        }

    def fail(self, how: int, before: int = 0, times: int = 1) -> None:
        """From now on: after so many further operations, fail (FULL until mended, BROKEN_ONCE so many times)."""
        with (self.shadow / "control").open("r+b") as file, mmap.mmap(file.fileno(), CONTROL.size) as control:
            control[:] = CONTROL.pack(NONE, before, times, 0)
            control[:4] = struct.pack("i", how)

    def mend(self) -> int:
        """Let everything work again; how many operations have failed."""
        failed = self.failed
        self.fail(NONE)
        return failed

    @property
    def failed(self) -> int:
        return int(CONTROL.unpack((self.shadow / "control").read_bytes())[3])

    def sync(self) -> None:
        """Count everything that is there now as having survived, as after a start. Nobody may write meanwhile."""
        for name in ("objects", "names", "graves"):
            for path in (self.shadow / name).iterdir():
                path.unlink()
        for folder in [self.root, *(path for path in self.root.rglob("*") if path.is_dir())]:
            lines = []
            for path in folder.iterdir():
                if path.is_file() and not path.is_symlink():
                    inode = path.stat().st_ino
                    shutil.copyfile(path, self.shadow / "objects" / str(inode))
                    lines.append(f"{inode} {path.name}\n")
            self._names(folder).write_text("".join(lines), encoding="utf-8")

    def cut_power(self, chance: random.Random | None = None) -> int:
        """Put everything back to what survived; all programs must be dead. How many files that changed.

        With `chance`, sectors that were written and not synced have reached the disk or not, each by itself.
        """
        changed = 0
        for folder in [self.root, *(path for path in self.root.rglob("*") if path.is_dir())]:
            changed += self._restore(folder, chance)
        self.sync()
        return changed

    def _names(self, folder: Path) -> Path:
        below = folder.relative_to(self.root)
        return self.shadow / "names" / ("|" + str(below).replace(os.sep, "|") if below.parts else ROOT_NAMES)

    def _restore(self, folder: Path, chance: random.Random | None) -> int:
        survived = {}
        if self._names(folder).exists():
            for line in self._names(folder).read_text("utf-8").splitlines():
                inode, _space, name = line.partition(" ")
                survived[name] = inode
        there = {path.name: path for path in folder.iterdir() if path.is_file() and not path.is_symlink()}
        changed = 0
        for name in sorted(there.keys() | survived.keys()):
            now = there[name].read_bytes() if name in there else None
            then = None
            if name in survived:
                kept = self.shadow / "objects" / survived[name]
                then = kept.read_bytes() if kept.exists() else b""
                if chance and now is not None and str(there[name].stat().st_ino) == survived[name]:
                    then = mix(then, now, chance)
            if then != now:
                changed += 1
                _put(folder / name, then)
        return changed


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        facts = path.stat() if path.exists() else path.parent.stat()
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        path.chmod(facts.st_mode & 0o600)
        os.chown(path, facts.st_uid, facts.st_gid)


def mix(durable: bytes, written: bytes, chance: random.Random) -> bytes:
    """What a disk may hold of a file: of every sector that was written since, the old or the new content."""
    length = len(chance.choice((durable, written)))
    old, new = durable.ljust(length, b"\0")[:length], written.ljust(length, b"\0")[:length]
    return b"".join(chance.choice((old, new))[start : start + SECTOR] for start in range(0, length, SECTOR))
