"""The servers that the mock is measured beside: how each is had, started, and asked."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scripts.bench_apps import KEY, PATH, SCHEMA
from scripts.layout import ROOT

PLACE = ROOT / ".bench"
PYTHON = ("granian==2.8.7", "httptools==0.9.0", "jsonschema-rs==0.60.3", "uvicorn==0.54.0", "uvloop==0.23.0")
PRISM = "@stoplight/prism-cli@5.16.0"


@dataclass(frozen=True)
class Peer:
    """A server to be measured.

    Attributes:
        name: for the report.
        command: starts it; `{port}` is filled in.
        prefix: what stands before `/test-api-keys`.
        missing: why it is not there; empty if it is.
    """

    name: str
    command: tuple[str, ...]
    prefix: str = "/v.1.0"
    missing: str = ""


def installed() -> list[Peer]:
    """Install what is not there yet into `.bench/`, and return the peers.

    Raises:
        subprocess.CalledProcessError: pip could not install.
    """
    PLACE.mkdir(exist_ok=True)
    python = PLACE / "venv" / "bin" / "python"
    done = PLACE / "installed"
    wanted = "\n".join(PYTHON)
    if not (done.exists() and done.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(PLACE / "venv", ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", PLACE / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", *PYTHON], check=True)
        done.write_text(wanted, encoding="utf-8")
    run = (str(python), "-m")
    granian = (*run, "granian", "--interface", "rsgi", "--port", "{port}", "--workers", "1", "--no-ws")
    uvicorn = (
        *run,
        "uvicorn",
        "--port",
        "{port}",
        "--http",
        "httptools",
        "--loop",
        "uvloop",
        "--no-access-log",
    )
    return [
        Peer("granian, bare RSGI", (*granian, "--log-level", "error", "scripts.bench_apps:rsgi")),
        Peer("uvicorn, bare ASGI", (*uvicorn, "--log-level", "critical", "scripts.bench_apps:asgi")),
        _prism(),
        _wiremock(),
    ]


def _prism() -> Peer:
    program = PLACE / "prism" / "node_modules" / ".bin" / "prism"
    missing = ""
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing = "no npm"
        else:
            options = ("install", "--silent", "--no-audit", "--no-fund", "--prefix", str(PLACE / "prism"))
            done = subprocess.run([npm, *options, PRISM], capture_output=True, check=False)
            missing = "npm could not install it" if done.returncode else ""
    document = str(ROOT / "openapi" / "effective.json")
    return Peer(
        "Prism", (str(program), "mock", "--port", "{port}", "--verboseLevel", "silent", document), "", missing
    )


def _wiremock() -> Peer:
    jar, java = os.environ.get("WIREMOCK_JAR", ""), shutil.which("java")
    missing = "no java" if java is None else "" if Path(jar).is_file() else "WIREMOCK_JAR names no file"
    if not missing:
        _stub(PLACE / "wiremock" / "mappings")
    options = ("--no-request-journal", "--disable-banner", "--root-dir", str(PLACE / "wiremock"))
    return Peer("WireMock", (java or "java", "-jar", jar, "--port", "{port}", *options), "/v.1.0", missing)


def _stub(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    schema = {**SCHEMA, "$schema": "http://json-schema.org/draft-07/schema#"}
    stub = {
        "request": {"method": "POST", "url": PATH, "bodyPatterns": [{"matchesJsonSchema": schema}]},
        "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "jsonBody": KEY},
    }
    (folder / "key.json").write_text(json.dumps(stub), encoding="utf-8")
