"""What a start says and where it leads: addresses, version, TLS, warnings."""

import os
import re
import socket
import ssl
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import httpx
import pytest
import trustme

import novapost_mock
from contract_tests.self_tests.support.mock_process import Started
from novapost_mock import Mock, Request
from novapost_mock.cli import main
from novapost_mock.cli_state import warnings
from novapost_mock.http.tls import _of_this_machine, context, hosts_of

HTML = (("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),)


def test_the_second_line_is_the_console() -> None:
    """People need not know the prefix."""
    mock = Started()
    try:
        assert re.fullmatch(r"console for people at http://127\.0\.0\.1:\d+/__mock__/\n", mock.second_line)
        page = httpx.get(mock.second_line.split()[-1], follow_redirects=True)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    finally:
        mock.stop()


def test_the_root_leads_a_browser_to_the_console() -> None:
    """And a program is told where the API is, as before."""
    mock = Mock()
    reply = mock.handle(Request("GET", "/", "", HTML))

    assert (reply.status, reply.header_values("location")) == (303, ["/__mock__/"])
    assert mock.handle(Request("GET", "/", "", (("Accept", "*/*"),))).status == 404
    assert mock.handle(Request("POST", "/", "", HTML)).status == 404


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the installed package."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert capsys.readouterr().out == f"novapost-mock {metadata.version('novapost-client')}\n"


def test_the_package_lists_all_that_it_has() -> None:
    """Completion in an editor or a notebook shows what can be imported."""
    assert set(novapost_mock.__all__) <= set(dir(novapost_mock))
    assert all(getattr(novapost_mock, name) is not None for name in novapost_mock.__all__)


def test_tls_with_a_certificate_that_is_made_now(tmp_path: Path) -> None:
    """A client that trusts the file gets its answer, and any other refuses."""
    file = tmp_path / "ca.pem"
    mock = Started("--tls", str(file))
    try:
        assert mock.first_line.startswith("novapost-mock listening on https://127.0.0.1:")
        base = mock.first_line.split()[-1]
        trusting = ssl.create_default_context(cafile=file)
        assert httpx.get(base + "nothing", verify=trusting).status_code == 404
        assert httpx.get(base.replace("127.0.0.1", "localhost") + "x", verify=trusting).status_code == 404
        with pytest.raises(httpx.ConnectError):
            httpx.get(base + "nothing")
        assert "PRIVATE" not in file.read_text()
    finally:
        err = mock.stop()[2]

    assert f"curl --cacert {file}" in err
    assert "the certificate is for localhost, 127.0.0.1, ::1; --allow-host NAME adds a name" in err


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "::"])  # noqa: S104
def test_a_certificate_is_for_the_names_by_which_other_machines_reach_the_mock(
    everywhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other machines are what https is for: plain http to them is what clients refuse."""
    monkeypatch.setattr(socket, "gethostname", lambda: "Box")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            own = [probe.getsockname()[0]]
        except OSError:  # a machine without a network has no address for others
            own = []

    hosts = hosts_of(everywhere, ["mock.example"])

    assert {"localhost", "127.0.0.1", "::1", "box", *own, "mock.example"} <= set(hosts)
    assert everywhere not in hosts


@pytest.mark.parametrize("name", ["a_b", "-x", "xn--a", "two words", "box.example", ""])
def test_an_odd_name_of_the_machine_does_not_stop_a_start(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody chose it for the mock."""
    monkeypatch.setattr(socket, "gethostname", lambda: name)

    hosts = hosts_of("0.0.0.0", [])  # noqa: S104

    assert name not in hosts
    assert context(hosts, tmp_path / "ca.pem")


def test_the_file_of_an_authority_is_written_anew_and_no_other_file(tmp_path: Path) -> None:
    """Whoever has a certificate of their own may take --tls for the option that uses it."""
    file, other = tmp_path / "ca.pem", tmp_path / "own.pem"
    context(["localhost"], file)
    first = file.read_bytes()
    context(["localhost"], file)
    assert file.read_bytes() != first

    theirs = trustme.CA(organization_name="Somebody")
    for content in (
        b"precious",
        theirs.cert_pem.bytes(),
        theirs.private_key_pem.bytes(),
        first + theirs.cert_pem.bytes(),
        first + theirs.private_key_pem.bytes(),
    ):
        other.write_bytes(content)
        with pytest.raises(
            ValueError, match=r"own\.pem is not the authority of a mock and would be overwritten"
        ):
            context(["localhost"], other)
        assert other.read_bytes() == content


def test_a_name_that_no_certificate_can_have_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["--port", "0", "--tls", str(tmp_path / "ca.pem"), "--allow-host", "my_mock"]) == 2
    assert "error: --tls: a name cannot stand in a certificate: " in capsys.readouterr().err


def test_a_start_that_fails_leaves_the_certificate_of_the_running_mock(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Its clients trust that file."""
    file = tmp_path / "ca.pem"
    context(["localhost"], file)
    first = file.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["--port", str(taken.getsockname()[1]), "--tls", str(file)]) == 2

    assert "in use" in capsys.readouterr().err
    assert file.read_bytes() == first


@pytest.mark.parametrize("host", ["0", "0.0.0.0", "::", "0:0:0:0:0:0:0:0"])  # noqa: S104
def test_every_address_may_be_written_in_any_way(host: str, tmp_path: Path) -> None:
    """The certificate is then for the names by which other machines reach this one."""
    mock = Started("--host", host, "--tls", str(tmp_path / "ca.pem"))
    said = mock.stop()[2]

    hosts = re.findall(r"the certificate is for (.*);", said)[0].split(", ")
    assert set(hosts) == {"localhost", "127.0.0.1", "::1", *_of_this_machine()}


def test_faults_reach_the_wire_over_tls(tmp_path: Path) -> None:
    """A cut body is cut there as well."""
    file = tmp_path / "ca.pem"
    mock = Started("--tls", str(file))
    try:
        base, trusting = mock.first_line.split()[-1], ssl.create_default_context(cafile=file)
        with httpx.Client(verify=trusting) as client:
            client.put(base.replace("/v.1.0/", "/__mock__/faults"), json=[{"kind": "truncated", "times": 1}])
            with pytest.raises(httpx.RemoteProtocolError):
                client.post(base + "test-api-keys", json={"phone": "498213437654"})
            assert client.post(base + "test-api-keys", json={"phone": "498213437654"}).status_code == 200
    finally:
        mock.stop()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tls", "/nowhere/ca.pem"], "--tls: /nowhere/ca.pem: No such file or directory"),
        *(
            (["--cors", wrong], "an origin is a scheme, a host and perhaps a port: https://app.example")
            for wrong in ("app.example", "https://app.example/path", "http://localhost:65536")
        ),
    ],
)
def test_wrong_settings_are_told_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2, before anything listens."""
    assert main(["--port", "0", *arguments]) == 2
    assert capsys.readouterr().err == f"error: {message}\n"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_state_that_others_can_read_is_told(tmp_path: Path) -> None:
    """One that the mock makes is for its owner only; an older or copied one may not be."""
    state = tmp_path / "state.db"
    state.touch(0o600)
    assert not [line for line in warnings(str(state)) if "--state" in line]

    state.chmod(0o644)
    assert [line for line in warnings(str(state)) if "--state" in line] == [
        "--state: other users of this machine can read the keys in it (mode 644); chmod 600"
    ]


@pytest.mark.skipif(os.name != "posix", reason="there is no such limit")
@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("ulimit -Sn 300", ""),
        (
            "ulimit -n 300",
            "this process may open 300 files, which is not enough for 900 connections; ulimit -n 1000",
        ),
        ("ulimit -n 20", "refused: this process may open 20 files, too few to start; ulimit -n 1000"),
    ],
    ids=["one that it may raise", "one that it may not", "one with which nothing works"],
)
def test_too_few_open_files_are_raised_or_told(limits: str, said: str) -> None:
    """Past the limit connections hang, and nobody would know why."""
    program = """
from novapost_mock.http import open_files
try:
    open_files.allow()
    print(*open_files.warnings(), end="")
except ValueError as error:
    print("refused:", error, end="")
"""
    command = ["sh", "-c", f'{limits}; exec "$@"', "sh", sys.executable, "-c", program]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == said


def test_a_port_that_is_taken_is_told_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the most usual failure of a start."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["--port", str(port)]) == 2

    said = capsys.readouterr().err
    assert said.startswith(f"error: cannot listen on 127.0.0.1:{port}: ")
    assert said.endswith("; --port 0 takes a free one\n")


def test_a_long_start_says_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence for more than a second looks like a hang."""
    from novapost_mock import cli

    monkeypatch.setattr(cli, "PATIENCE_SECONDS", 0.0)
    paths = {f"/{n}": {"get": {"responses": {"200": {"description": ""}}}} for n in range(3)}
    file = tmp_path / "doc.json"
    file.write_text('{"openapi": "3.0.3", "paths": %s}' % str(paths).replace("'", '"'))  # noqa: UP031

    cli._document(file, 0)

    assert capsys.readouterr().err.splitlines()[-1] == "doc.json: 3 of 3 operations are ready ..."
