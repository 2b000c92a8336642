"""The cases of Prism's harness are read as its own runner reads them, and told apart by their status."""

import shutil
from pathlib import Path

import pytest

from contract_tests.bench.tools import prism_harness
from contract_tests.bench.tools.prism_harness import Case, cases, main

CASE = """====test====
A case of our own making.
====spec====
openapi: 3.0.3
paths:
  /x:
    get:
      responses:
        204:
          description: none
====server====
mock -p 4010 ${document}
====command====
curl -i http://localhost:4010/x
====expect====
HTTP/1.1 %s No Content
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "good.oas3.txt").write_text(CASE % 204)
    (tmp_path / "a" / "other.oas2.txt").write_text((CASE % 204).replace("openapi: 3.0.3", "swagger: '2.0'"))
    (tmp_path / "proxy.txt").write_text((CASE % 204).replace("mock -p", "proxy -p"))
    return tmp_path


def test_only_mock_cases_of_openapi_3_count(folder: Path) -> None:
    """Swagger 2 and Prism's proxy are other things."""
    assert list(cases(folder)) == [
        Case(
            "a/good.oas3.txt",
            CASE.partition("====spec====\n")[2].partition("====server")[0],
            "mock -p 4010 ${document}",
            "curl -i http://localhost:4010/x",
            "204",
        )
    ]


def test_equal_statuses_are_counted(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each other one is named with both."""
    if shutil.which("curl") is None:
        pytest.skip("no curl here")
    monkeypatch.setattr(prism_harness, "PORT", "4017")
    (folder / "bad.txt").write_text(CASE % 404)
    for file in folder.rglob("*.txt"):
        file.write_text(file.read_text().replace("localhost:4010", "127.0.0.1:4017"))

    assert main([str(folder)]) == 0
    assert capsys.readouterr().out == (
        "bad.txt: Prism 404, here 204\n1 of 2 mock cases for OpenAPI 3 have the same status\n"
    )


def test_a_folder_without_cases_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """With where to get them."""
    assert main(["/nowhere"]) == 2
    assert "a clone of stoplightio/prism" in capsys.readouterr().err
