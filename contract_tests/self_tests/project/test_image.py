"""Does the image start the mock, as nobody in particular, and does its state outlive it?"""

import json
import os
import socket
import stat
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.self_tests.support.image_folder import (
    CannotBuildError,
    Stage,
    build,
    container,
    reason_against,
)

ROOT = Path(__file__).parents[3]
PHONE = "498213437654"
ASKED = "NOVAPOST_TEST_IMAGE"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Return the image's file system in a folder. Building it downloads packages: only `make image` does."""
    if not os.environ.get(ASKED):
        pytest.skip("NOT TRIED here: `make image` tries it")
    if reason := reason_against():
        pytest.skip(f"the file system of the image was not tried in a folder: {reason}")
    return build(ROOT / "Containerfile", ROOT, tmp_path_factory.mktemp("image"))


@pytest.fixture
def started(image: Stage, free_port: int) -> Callable[[], Any]:
    """Start a container whose state is on the volume; the last --port counts."""
    return lambda: container(image, [*image.arguments, "--port", str(free_port)])


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def health(image: Stage, port: int) -> int:
    """Return the exit code of the container's health check."""
    words = [word.replace("8080", str(port)) for word in image.health]
    done = subprocess.run(image.command(words), env=image.variables(), capture_output=True, check=False)
    return done.returncode


def key_of(port: int) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v.1.0/test-api-keys",
        json.dumps({"phone": PHONE}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["apiKey"]


def test_a_container_gives_a_key_and_keeps_it(
    image: Stage, started: Callable[[], Any], free_port: int
) -> None:
    """It is healthy once it listens and not before, and the state on the volume outlives the container."""
    assert health(image, free_port) == 1
    keys = []
    for _ in range(2):
        with started() as process:
            assert (
                process.stdout.readline() == f"novapost-mock listening on http://0.0.0.0:{free_port}/v.1.0/\n"
            )
            assert health(image, free_port) == 0
            keys.append(key_of(free_port))
        assert process.returncode == 0

    assert keys[0] == keys[1]


def test_a_container_is_nobody_in_particular(image: Stage) -> None:
    """By number, so that Kubernetes can see it; and nothing but the volume is its own."""
    user, _, group = image.user.partition(":")
    own = {
        path for path in image.root.rglob("*") if not path.is_symlink() and path.lstat().st_uid == int(user)
    }

    assert user.isdigit()
    assert group.isdigit()
    assert int(user) > 0
    assert {str(path.relative_to(image.root)).partition("/")[0] for path in own} == {"state"}
    assert stat.S_IMODE((image.root / "state").stat().st_mode) == 0o700


def test_the_image_holds_the_mock_and_no_tool_that_built_it(image: Stage) -> None:
    packages = {path.name for path in (image.root / "opt" / "mock").glob("lib/python*/site-packages/*")}

    assert {"novapost_mock", "novapost_client", "sqlalchemy", "psycopg"} <= packages
    assert not packages & {"pip", "hatchling", "pytest", "contract_tests"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM x\nRUN exit 3", "RUN exit 3: "),
        ("FROM x\nADD a b", "ADD a b: not known here"),
        ("FROM x\nCOPY nothing .", "COPY nothing .: nothing is not there"),
        ("RUN true", "RUN true: before the first FROM"),
        ("# nothing", "no FROM"),
    ],
)
def test_a_step_that_does_not_work_is_named(tmp_path: Path, text: str, reason: str) -> None:
    if against := reason_against():
        pytest.skip(f"the file system of the image was not tried in a folder: {against}")
    (tmp_path / "Containerfile").write_text(text, encoding="utf-8")

    with pytest.raises(CannotBuildError) as caught:
        build(tmp_path / "Containerfile", tmp_path, tmp_path / "stages")

    assert str(caught.value).startswith(reason)


def test_compose_joins_application_mock_and_database() -> None:
    """Only this machine reaches the mock, and no secret stands in the file."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]

    assert set(services) == {"app", "mock", "database"}
    assert services["app"]["depends_on"]["mock"] == {"condition": "service_healthy"}
    assert services["mock"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert all(port.startswith("127.0.0.1:") for port in services["mock"]["ports"])
    assert services["mock"]["environment"]["NOVAPOST_MOCK_CONTROL_TOKEN"].startswith("${")
    assert services["mock"]["command"][:2] == ["--state", "postgresql://novapost@database/novapost"]
