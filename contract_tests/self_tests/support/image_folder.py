"""The file system of the image, built in a folder by the steps of the Containerfile, without an engine.

The base image is played by this machine: its /usr is bound into the folder, for reading only, and its /etc is
copied. All else that the steps make is the folder's own. It takes root, and the right to mount.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_BOUND = ("usr", "bin", "sbin", "lib", "lib64")
_ASIDE = {"EXPOSE", "LABEL", "VOLUME"}


class CannotBuildError(Exception):
    """A step failed or is none that is known here, and which."""


@dataclass
class Stage:
    """What a stage of the Containerfile has made, and how a container of it starts.

    Attributes:
        root: the folder that is its /.
        folder: in which the next step and the container run.
        user: as whom.
        environment: what ENV sets.
        shell: what RUN is given to.
        health: the command of HEALTHCHECK.
        entrypoint: what a container runs.
        arguments: what it is given where nobody says otherwise.
    """

    root: Path
    folder: str = "/"
    user: str = "0:0"
    environment: dict[str, str] = field(default_factory=dict)
    shell: list[str] = field(default_factory=lambda: ["/bin/sh", "-c"])
    health: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)

    def command(self, words: Sequence[str]) -> list[str]:
        """Return the command that runs words in this folder, with this machine's /usr below them."""
        mounts = "".join(
            f"mount --rbind /{name} {self.root}/{name}; mount -o remount,bind,ro {self.root}/{name}; "
            for name in _BOUND
            if Path("/", name).is_dir() and not Path("/", name).is_symlink()
        )
        inside = f"cd {shlex.quote(self.folder)}; exec {shlex.join(words)}"
        set_up = f"set -e; {mounts}mount --rbind /dev {self.root}/dev; mount -t proc proc {self.root}/proc; "
        start = ["chroot", f"--userspec={self.user}", "--groups=", str(self.root), "/bin/sh", "-c", inside]
        return [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            f"{set_up}exec {shlex.join(start)}",
        ]

    def variables(self) -> dict[str, str]:
        """Return the environment of a container, and what an engine gives of its own."""
        return {"PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", "HOME": "/", **self.environment}

    def run(self, words: Sequence[str], step: str) -> None:
        """Run a step to its end.

        Raises:
            CannotBuildError: it failed.
        """
        done = subprocess.run(
            self.command(words), env=self.variables(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CannotBuildError(f"{step}: {(done.stderr or done.stdout).strip()[-1500:]}")


def reason_against() -> str | None:
    """Why no folder can be made into an image here; None if it can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "it takes root"
    if not all(map(shutil.which, ("unshare", "chroot", "mount"))):
        return "unshare, chroot or mount is not here"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        return "this process may not mount"
    return None


def build(containerfile: Path, context: Path, folder: Path) -> Stage:
    """Follow a Containerfile step by step; give its last stage.

    Args:
        containerfile: what is followed.
        context: the folder from which COPY takes.
        folder: an empty folder, in which each stage gets one of its own.

    Raises:
        CannotBuildError: a step failed, or is none that is known here.
    """
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for word, rest in _steps(containerfile.read_text(encoding="utf-8")):
        step = f"{word} {rest}"
        if word == "FROM":
            name = rest.partition(" AS ")[2] or str(len(stages))
            stage = stages[name] = Stage(_base(folder / name))
        elif stage is None:
            raise CannotBuildError(f"{step}: before the first FROM")
        elif word == "COPY":
            _copy(stage, stages, context, shlex.split(rest), step)
        elif word == "RUN":
            stage.run([*stage.shell, rest], step)
        elif word == "SHELL":
            stage.shell = json.loads(rest)
        elif word == "WORKDIR":
            stage.folder = rest
            (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            stage.environment |= dict(each.split("=", 1) for each in shlex.split(rest))
        elif word == "USER":
            stage.user = rest
        elif word == "HEALTHCHECK":
            stage.health = json.loads(rest.partition("CMD ")[2])
        elif word == "ENTRYPOINT":
            stage.entrypoint = json.loads(rest)
        elif word == "CMD":
            stage.arguments = json.loads(rest)
        elif word not in _ASIDE:
            raise CannotBuildError(f"{step}: not known here")
    if stage is None:
        raise CannotBuildError("no FROM")
    return stage


@contextmanager
def container(stage: Stage, arguments: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    """Start what the image starts, with these arguments in place of its own."""
    command = stage.command([*stage.entrypoint, *arguments])
    with subprocess.Popen(
        command, env=stage.variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def _steps(text: str) -> Iterator[tuple[str, str]]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", " ", lines).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word:
            yield word, rest.strip()


def _base(root: Path) -> Path:
    for name in ("dev", "proc", "opt", "tmp", "root", "run", "var/tmp", *_BOUND):
        here = Path("/", name)
        if here.is_symlink():
            (root / name).symlink_to(Path(here).readlink())
        elif here.is_dir():
            (root / name).mkdir(parents=True)
    (root / "tmp").chmod(0o1777)
    subprocess.run(["cp", "-a", "/etc", str(root / "etc")], check=True)
    return root


def _copy(stage: Stage, stages: dict[str, Stage], context: Path, words: list[str], step: str) -> None:
    source = context
    if words[0].startswith("--from="):
        source = stages[words.pop(0).partition("=")[2]].root
    *what, where = words
    target = Path(os.path.normpath(stage.root / f"{stage.folder}/{where}".lstrip("/")))
    if where.startswith("/"):
        target = stage.root / where.lstrip("/")
    for each in what:
        path = source / each.lstrip("/")
        if path.is_dir():
            shutil.copytree(path, target, symlinks=True, dirs_exist_ok=True)
        elif path.is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / path.name)
        else:
            raise CannotBuildError(f"{step}: {each} is not there")
