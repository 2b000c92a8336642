"""Record the target's answers to the fixed script of requests in a file: `make record`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx

from contract_tests.novapost.knowledge.control import KeysControl
from contract_tests.novapost.knowledge.recipes import KEY_OPERATION
from contract_tests.novapost.knowledge.strategies import fictional
from contract_tests.novapost.parity.backend import Side
from contract_tests.novapost.parity.recording import FOLDER, Recording
from contract_tests.novapost.parity.script import SCRIPT
from contract_tests.sandbox.site import Site
from contract_tests.sandbox.transport import block_other_connections
from contract_tests.target import targets
from contract_tests.target.call_log import CallLog
from contract_tests.target.control import ControlError
from contract_tests.target.targets import WrongUse
from contract_tests.target.transport import Wire, transport_to

PHONE = fictional(601)


def main(argv: Sequence[str] | None = None, site: Site | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        site: what stands in for the sandbox in our own tests.

    Returns:
        0 once the recording is written, 2 if it could not be made.
    """
    parser = argparse.ArgumentParser(prog="make record", description=__doc__, allow_abbrev=False)
    parser.add_argument("--target", default="mock", help="mock (default), sandbox, or a base address")
    parser.add_argument("--control", help="address of the target's control API, to register a phone")
    parser.add_argument(
        "--output", type=Path, help="file of the recording (contract_tests/recordings/TARGET.json)"
    )
    arguments = parser.parse_args(argv)
    try:
        return _record(arguments, site)
    except (WrongUse, ControlError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
    except httpx.HTTPError as error:
        print(f"error: no whole answer came: {type(error).__name__}", file=sys.stderr)
    return 2


def _record(arguments: argparse.Namespace, site: Site | None) -> int:
    targets.require(arguments.target, arguments.control)
    sandbox = None
    if arguments.target == "sandbox":
        sandbox = targets.sandbox_transport(site or Site(), phone=None, phone_goes_to=KEY_OPERATION)
        if site is None:
            block_other_connections()
        print(f"about to connect to {sandbox.site.base_url}")
        print(f"as {sandbox.user_agent}; at most {3 * len(SCRIPT)} requests")
    with targets.opened(arguments.target, arguments.control, sandbox) as target:
        wire = Wire(transport_to(target.base_url, sandbox))
        phone = sandbox.manners.phones.own if sandbox else None
        if target.control_url is not None:
            control = KeysControl(target.control_url, wire, CallLog(), target.control_token)
            control.reset()
            control.register(PHONE)
            phone = PHONE
        side = Side(target.base_url, wire, phone, patient=sandbox is not None)
        answers = {step.name: side.ask(step) for step in SCRIPT}
        wire.close()
    output: Path = arguments.output or FOLDER / f"{target.name}.json"
    Recording(target.name, datetime.now(UTC), answers).write(output)
    left_out = [name for name, answer in answers.items() if answer is None]
    print(f"{output.name}: {len(answers) - len(left_out)} of {len(answers)} steps of {target.name}")
    if left_out:
        print(f"left out: {', '.join(left_out)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
