"""Are the manifests that the pages give users to copy what Kubernetes and GitHub Actions take?"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.target.shards import Shard
from contract_tests.target.units import Unit
from scripts.lib.paths import ROOT

MANIFESTS = ROOT / "docs" / "how-to" / "manifests"
JOBS = sorted(MANIFESTS.glob("campaign-*.yaml"))
MOCK = MANIFESTS / "mock.yaml"
# The first in which `backoffLimitPerIndex` is stable, and the last that the package knows.
VERSIONS = ("1.33", "1.37")


@pytest.fixture
def kubernetes() -> Any:
    """Return the schemas of Kubernetes, which are too large to be installed for every test run."""
    return pytest.importorskip("kubernetes_validate", reason="NOT TRIED here: `make manifests` tries it")


def read(name: str) -> Any:
    """Read a manifest."""
    return yaml.safe_load((MANIFESTS / name).read_bytes())


def container(job: Any) -> Any:
    """Return the one container of a job's pods."""
    (only,) = job["spec"]["template"]["spec"]["containers"]
    return only


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.name)
def test_a_job_is_what_kubernetes_takes(path: Path, version: str, kubernetes: Any) -> None:
    """By the schema of batch/v1, with no field that it does not know."""
    job = yaml.safe_load(path.read_bytes())

    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    kubernetes.validate(job, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_mock_is_what_kubernetes_takes(version: str, kubernetes: Any) -> None:
    """Each of its documents, with no field that is not known."""
    for document in yaml.safe_load_all(MOCK.read_bytes()):
        kubernetes.validate(document, version, strict=True)


def test_the_mock_in_a_cluster_is_the_image() -> None:
    """Its user, port, volume and health check are the Containerfile's, and the service finds its pods."""
    documents = {each["kind"]: each for each in yaml.safe_load_all(MOCK.read_bytes())}
    spec = documents["Deployment"]["spec"]["template"]["spec"]
    (only,) = spec["containers"]
    image = (ROOT / "Containerfile").read_text(encoding="utf-8")

    assert f"USER {spec['securityContext']['runAsUser']}:{spec['securityContext']['runAsGroup']}\n" in image
    assert f"EXPOSE {only['ports'][0]['containerPort']}\n" in image
    assert f'VOLUME ["{only["volumeMounts"][0]["mountPath"]}"]' in image
    assert only["readinessProbe"]["httpGet"]["path"] in image
    assert only["livenessProbe"]["httpGet"]["path"] in image
    labels = documents["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert documents["Service"]["spec"]["selector"].items() <= labels.items()
    assert only["env"][0]["valueFrom"]["secretKeyRef"]["key"] in MOCK.read_text().partition("apiVersion")[0]


def misspell(job: Any) -> None:
    job["spec"]["completionsMode"] = job["spec"].pop("completionMode")


def say_in_words(job: Any) -> None:
    job["spec"]["completions"] = "ten"


def forget_the_name(job: Any) -> None:
    del container(job)["name"]


def hang_in_the_wrong_place(job: Any) -> None:
    job["spec"]["restartPolicy"] = job["spec"]["template"]["spec"].pop("restartPolicy")


MISTAKES = (misspell, say_in_words, forget_the_name, hang_in_the_wrong_place)


@pytest.mark.parametrize("kind", ["PersistentVolumeClaim", "Deployment", "Service"])
def test_a_mistake_in_the_mock_is_noticed(kind: str, kubernetes: Any) -> None:
    """In each of its documents."""
    (document,) = (each for each in yaml.safe_load_all(MOCK.read_bytes()) if each["kind"] == kind)
    document["spec"]["replica"] = 1

    with pytest.raises(kubernetes.ValidationError):
        kubernetes.validate(document, VERSIONS[-1], strict=True)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_a_mistake_in_a_job_is_noticed(mistake: Callable[[Any], None], kubernetes: Any) -> None:
    """The check above can fail."""
    job = read("campaign-job.yaml")
    mistake(job)

    with pytest.raises(kubernetes.ValidationError):
        kubernetes.validate(job, VERSIONS[-1], strict=True)


def test_the_pods_of_the_job_are_the_shards_of_the_campaign() -> None:
    """Every index is a shard, and all of them together leave no hole."""
    job = read("campaign-job.yaml")
    (shard,) = [a.removeprefix("SHARD=") for a in container(job)["args"] if a.startswith("SHARD=")]
    shards = [Shard.read(shard, str(index)) for index in range(job["spec"]["completions"])]
    units = {Unit(False, 0, str(number)) for number in range(99)}

    assert job["spec"]["completionMode"] == "Indexed"
    assert {each.of for each in shards} == {len(shards)}
    assert sorted(unit.test for each in shards for unit in each.takes(units)) == sorted(
        unit.test for unit in units
    )


@pytest.mark.parametrize("path", JOBS, ids=lambda path: path.name)
def test_what_a_pod_runs_is_a_command_of_ours(path: Path) -> None:
    """Make understands it, and so does what make calls."""
    of_pod = container(yaml.safe_load(path.read_bytes()))
    command = [*of_pod["command"], "--dry-run", *of_pod["args"]]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (line,) = [line for line in said.replace("\\\n", " ").splitlines() if " -m " in line]
    parts = line.replace("'", "").split()
    where = parts.index("-m")
    done = subprocess.run(
        [sys.executable, *parts[where:], "--help"],
        cwd=ROOT,
        env={**os.environ, "JOB_COMPLETION_INDEX": "0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert not re.search(r"\$\(|\$\{", line)


def test_the_matrix_is_the_shards_of_the_campaign() -> None:
    """Each job runs another part of the same campaign."""
    job = read("campaign-workflow.yml")["jobs"]["shard"]
    (line,) = [step["run"] for step in job["steps"] if "run" in step]
    shards = job["strategy"]["matrix"]["shard"]

    assert shards == list(range(1, len(shards) + 1))
    assert f"SHARD=${{{{ matrix.shard }}}}/{len(shards)} " in line
    assert "--seed=" in line
