"""The pytest plugin, installed, in runs of its own: what users of httpx write, and what they are told."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.lib.paths import ROOT

pytest_plugins = ["pytester"]

README = ROOT / "README.md"

# What these runs do not need takes most of their time.
OTHERS = [f"-p no:{name}" for name in ("schemathesis", "hypothesispytest", "cacheprovider")]
ARGUMENTS = [word for each in OTHERS for word in each.split()]


@pytest.fixture
def run(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a folder for a run, strict as a careful project is."""
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers\nxfail_strict = true\nfilterwarnings = error\n"
        "asyncio_default_fixture_loop_scope = function\n"
    )
    return pytester


def outcomes(run: pytest.Pytester, source: str, *arguments: str, **expected: int) -> pytest.RunResult:
    run.makepyfile(source)
    result = run.runpytest_subprocess(*ARGUMENTS, *arguments)
    result.assert_outcomes(**expected)
    return result


def test_a_test_of_httpx_alone(run: pytest.Pytester) -> None:
    """The plain case, written in each of the ways that are documented."""
    outcomes(
        run,
        """
        import httpx
        import pytest
        from novapost_mock import LocalMock

        PHONE = "498213437654"

        def test_transport_and_base_url(novapost_mock):
            with httpx.Client(transport=novapost_mock.transport, base_url=novapost_mock.base_url) as client:
                key = client.post("test-api-keys", json={"phone": PHONE}).json()["apiKey"]
                assert "jwt" in client.get("clients/authorization", params={"apiKey": key}).json()
            assert [call.rule for call in novapost_mock.calls] == ["one-active", "jwt"]

        def test_every_test_begins_anew(novapost_mock: LocalMock):
            assert isinstance(novapost_mock, LocalMock)
            assert novapost_mock.keys() == novapost_mock.calls == novapost_mock.faults() == []
            with novapost_mock.client() as client:
                assert client.post("test-api-keys", json={"phone": PHONE}).status_code == 200

        def test_the_powers_of_control(novapost_mock):
            novapost_mock.register("4915112345678", matches=2)
            with novapost_mock.client(timeout=1) as client:
                assert client.post("test-api-keys", json={"phone": "4915112345678"}).status_code == 409
                novapost_mock.arm({"status": 503, "times": 1}, {"kind": "reset", "on_call": 2})
                assert client.post("test-api-keys", json={"phone": PHONE}).status_code == 503
                with pytest.raises(httpx.ReadError):
                    client.post("test-api-keys", json={"phone": PHONE})
                control = client.get("https://x/__mock__/keys").json()
            assert [key["phone"] for key in control["keys"]] == [PHONE]
            novapost_mock.reset()
            assert novapost_mock.keys() == []

        def test_nobody_is_reached_without_the_transport(novapost_mock):
            assert novapost_mock.base_url == "https://novapost-mock.invalid/v.1.0/"
        """,
        passed=4,
    )


def test_the_example_of_the_readme_runs(run: pytest.Pytester) -> None:
    """It is what people copy."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    [example] = [block for block in blocks if "@pytest.mark.novapost" in block]

    outcomes(run, example, passed=1)


def test_the_marker_sets_the_stage(run: pytest.Pytester) -> None:
    """For a module, a class and a test; the closest counts, setting by setting."""
    outcomes(
        run,
        """
        import datetime
        import pytest

        pytestmark = pytest.mark.novapost(clients=["4915112345678"], seed=1)

        def ask(mock, phone="4915112345678"):
            with mock.client() as client:
                return client.post("test-api-keys", json={"phone": phone})

        KEYS = []

        def test_module(novapost_mock):
            assert ask(novapost_mock, "498213437654").status_code == 404
            KEYS.append(ask(novapost_mock).json()["apiKey"])

        @pytest.mark.novapost(now="2026-01-01T10:00:00Z", key_length=32, created_digits=3)
        class TestClass:
            def test_class(self, novapost_mock):
                body = ask(novapost_mock).json()
                assert body["apiKey"] == KEYS[0][:32]
                assert body["createdAt"] == "2026-01-01T10:00:00.000Z"
                novapost_mock.clock.advance(3600)
                assert novapost_mock.clock.now() == datetime.datetime(2026, 1, 1, 11, tzinfo=datetime.UTC)

            @pytest.mark.novapost(clients={"4915112345678": 3}, now=None)
            def test_closest(self, novapost_mock):
                assert ask(novapost_mock).status_code == 409
                assert novapost_mock.readings.key_length == 32

        @pytest.mark.novapost(daily_limit="strict")
        def test_reading(novapost_mock):
            assert [ask(novapost_mock).status_code for _ in range(2)] == [200, 429]

        SEEN = []

        @pytest.mark.novapost(faults=[{"status": 503, "probability": 0.5}], seed=4)
        @pytest.mark.parametrize("turn", [1, 2])
        def test_faults(novapost_mock, turn):
            SEEN.append([ask(novapost_mock).status_code for _ in range(20)])
            assert {200, 503} == set(SEEN[-1])
            assert SEEN[0] == SEEN[-1]
            assert novapost_mock.faults()[0].fault.seed == 4

        @pytest.mark.novapost(clients=["4915112345678"])
        def test_server(novapost_mock_server):
            assert ask(novapost_mock_server).status_code == 200
        """,
        passed=7,
    )


WRONG = [
    ("clinets=[]", "clinets is none of: clients, now, seed, faults, daily_limit*"),
    ("clients=['+49']", "a phone is 8 to 15 digits*"),
    ("clients=7", "clients is a list of phones*"),
    ("now='yesterday'", "now: a moment is written as in*"),
    ("now=7", "now is a datetime with an offset*"),
    ("seed='x'", "seed is a whole number*"),
    ("faults=[{'statsu': 1}]", "fault 0: a fault has no other properties*"),
    ("faults=7", "faults is a list of faults*"),
    ("daily_limit='x'", "daily_limit is 'issuing' or 'strict'*"),
]


def test_a_wrong_marker_is_told_in_one_line(run: pytest.Pytester) -> None:
    """At the test, without a traceback of ours."""
    tests = (
        f"@pytest.mark.novapost({marker})\ndef test_{number}(novapost_mock): ...\n"
        for number, (marker, _) in enumerate([*WRONG, ("['4915112345678']", "")])
    )
    result = outcomes(run, "import pytest\n\n" + "\n".join(tests), errors=len(WRONG) + 1)

    result.stdout.fnmatch_lines_random([f"*@pytest.mark.novapost: {text}" for _, text in WRONG])
    result.stdout.fnmatch_lines(["*@pytest.mark.novapost takes named settings only*"])
    result.stdout.no_fnmatch_line("*mock_of(settings)*")


def test_a_server_for_the_run_and_a_mock_for_each_test(run: pytest.Pytester) -> None:
    """One port, no state carried over, from any client and from other processes."""
    outcomes(
        run,
        """
        import httpx
        import pytest
        import subprocess
        import sys

        PHONE = "498213437654"
        PORTS = []

        @pytest.mark.parametrize("turn", [1, 2, 3])
        def test_new_each_time(novapost_mock_server, turn):
            PORTS.append(httpx.URL(novapost_mock_server.base_url).port)
            assert set(PORTS) == {PORTS[0]}
            assert novapost_mock_server.mock.calls == []
            with novapost_mock_server.client() as client:
                assert client.post("test-api-keys", json={"phone": PHONE}).status_code == 200
            httpx.put(novapost_mock_server.control_url + "clients/4915112345678", json={"matches": 5})
            assert novapost_mock_server.mock.clients()["4915112345678"] == 5
            assert [call.rule for call in novapost_mock_server.mock.calls] == ["one-active"]

        def test_from_another_process(novapost_mock_server):
            program = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).status)"
            url = novapost_mock_server.control_url + "health"
            assert subprocess.check_output([sys.executable, "-c", program, url]).strip() == b"200"

        def test_both_at_once(novapost_mock, novapost_mock_server):
            assert novapost_mock is not novapost_mock_server.mock

        def test_a_fault_on_the_wire(novapost_mock_server):
            novapost_mock_server.mock.arm({"kind": "html", "status": 502})
            with novapost_mock_server.client() as client:
                assert client.post("test-api-keys", json={"phone": PHONE}).status_code == 502
        """,
        passed=6,
    )


def test_asyncio_and_trio_free_of_choice(run: pytest.Pytester) -> None:
    """The same fixtures in async tests, run by pytest-asyncio or by anyio."""
    outcomes(
        run,
        """
        import pytest

        PHONE = "498213437654"

        async def ask(mock):
            async with mock.async_client() as client:
                return (await client.post("test-api-keys", json={"phone": PHONE})).status_code

        @pytest.mark.asyncio
        @pytest.mark.novapost(faults=[{"delay": 0.01, "drip_bytes": 20}])
        async def test_asyncio(novapost_mock, novapost_mock_server):
            assert [await ask(novapost_mock), await ask(novapost_mock_server)] == [200, 200]

        @pytest.mark.anyio
        @pytest.mark.parametrize("anyio_backend", ["asyncio"])
        async def test_anyio(novapost_mock, novapost_mock_server):
            assert [await ask(novapost_mock), await ask(novapost_mock_server)] == [200, 200]
        """,
        passed=2,
    )


def test_workers_of_xdist_do_not_meet(run: pytest.Pytester) -> None:
    """Each has its own port and its own mocks."""
    outcomes(
        run,
        """
        import os
        import pytest

        PHONE = "498213437654"

        @pytest.mark.parametrize("turn", range(10))
        def test_alone(novapost_mock, novapost_mock_server, turn):
            assert os.environ["PYTEST_XDIST_WORKER"]
            for mock in (novapost_mock, novapost_mock_server):
                with mock.client() as client:
                    assert client.post("test-api-keys", json={"phone": PHONE}).status_code == 200
            assert len(novapost_mock.calls) == len(novapost_mock_server.mock.calls) == 1
        """,
        "-n2",
        passed=10,
    )


def test_the_marker_and_the_fixtures_explain_themselves(run: pytest.Pytester) -> None:
    """`pytest --markers` and `pytest --fixtures` are where one looks."""
    markers = run.runpytest_subprocess(*ARGUMENTS, "--markers")
    markers.stdout.fnmatch_lines(["@pytest.mark.novapost(clients=..., now=..., seed=..., faults=..., *"])
    fixtures = run.runpytest_subprocess(*ARGUMENTS, "--fixtures")
    fixtures.stdout.fnmatch_lines(["novapost_mock -- *", "*new for each test.*", "novapost_mock_server *"])


def test_a_run_that_does_not_use_it_imports_nothing(run: pytest.Pytester) -> None:
    """The plugin is loaded wherever the package is installed; that must cost nobody anything."""
    outcomes(
        run,
        """
        import sys

        def test_nothing_is_loaded(request):
            assert request.config.pluginmanager.has_plugin("novapost_mock")
            ours = {name for name in sys.modules if name.startswith("novapost_")}
            assert ours == {f"novapost_mock{name}" for name in ("", ".testing", ".testing.pytest_plugin")}
            assert not {"jsonschema_rs", "uvicorn", "httptools"} & set(sys.modules)
        """,
        passed=1,
    )


def test_it_can_be_left_out(run: pytest.Pytester) -> None:
    """By the name of its entry point."""
    result = outcomes(run, "def test_it(novapost_mock): ...", "-p", "no:novapost_mock", errors=1)
    result.stdout.fnmatch_lines(["*fixture 'novapost_mock' not found*"])


def test_without_the_extra_it_says_what_to_install(run: pytest.Pytester) -> None:
    """Only to those who ask for a fixture."""
    run.makepyfile(jsonschema_rs="raise ModuleNotFoundError('no', name='jsonschema_rs')")
    result = outcomes(
        run, "def test_it(novapost_mock): ...\ndef test_other(): ...", "-p", "no:anyio", passed=1, errors=1
    )
    result.stdout.fnmatch_lines(["*the mock needs more: pip install 'novapost-client[[]mock]'*"])


def test_nothing_of_the_client_is_needed(tmp_path: Path) -> None:
    """Whoever has only httpx may use it."""
    program = """
import sys
sys.modules["novapost_client"] = None
from novapost_mock.testing.fixtures import mock_of
print(mock_of({}).client().post("test-api-keys", json={"phone": "498213437654"}).status_code)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout == "200\n"
