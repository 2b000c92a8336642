"""Check that no ratio is worse than the accepted one: `make bench-check`.

    python -m contract_tests.bench.check [--accept]

A ratio is worse if its median is worse than the accepted one by more than the accepted spread. A worse ratio
is measured again, and counts only if it is worse again. `--accept` accepts the last report instead.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contract_tests.bench import record
from contract_tests.bench.__main__ import measured, parser, setting_of
from contract_tests.bench.registry import SECTIONS, Measure
from scripts.lib.files import write_together

ACCEPTED = Path(__file__).with_name("accepted.json")
# Below that, a spread of few rounds is luck.
LEAST_SPREAD = 0.05
_KEPT = ("name", "peer", "median", "least", "most", "better")


class BadAccepted(Exception):
    """The accepted ratios cannot be used; the message says why."""


def main(
    argv: Sequence[str] | None = None,
    sections: Mapping[str, Measure] = SECTIONS,
    accepted: Path = ACCEPTED,
) -> int:
    """Run the command and return its exit code.

    Returns:
        0 if nothing got worse, 1 if something did, 2 for wrong use or if it could not run.
    """
    options = parser(sections, "python -m contract_tests.bench.check")
    options.add_argument(
        "--accept", action="store_true", help="accept the ratios of the last report; measure nothing"
    )
    chosen = options.parse_args(argv)
    try:
        if chosen.accept:
            return _accept(chosen.output, accepted)
        known = read(accepted)
        names = [name for name in chosen.only or sections if name in known]
        setting = setting_of(chosen)
        report = measured(names, setting, sections)
        suspects = list(worse(known, report))
        for each in suspects:
            print(f"again: {each}")
        again = [name for name in names if any(each.startswith(f"{name}: ") for each in suspects)]
        if again:
            report = measured(again, setting, sections)
        record.write(report, chosen.output)
    except (BadAccepted, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    # The same ratio twice; its figures are those of the second time.
    before = {_key(each) for each in suspects}
    found = [each for each in worse(known, report) if _key(each) in before]
    for each in found:
        print(f"worse: {each}", file=sys.stderr)
    if not found:
        print(f"no ratio got worse: {', '.join(names) or 'none was accepted'}")
    return 1 if found else 0


def worse(accepted: Mapping[str, list[dict[str, Any]]], report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each ratio that is worse than accepted by more than its spread, or no longer measured.

    Args:
        accepted: as `read` gives it.
        report: as `record.tree` makes it; sections that it does not have are passed over.
    """
    for section in report["sections"]:
        found = {(each["name"], each["peer"]): each for each in section["ratios"]}
        missing = {each["name"]: each["reason"] for each in section["missing"]}
        for old in accepted.get(section["name"], ()):
            label = f"{section['name']}: {old['name']}, beside {old['peer']}"
            new = found.get((old["name"], old["peer"]))
            if new is None:
                # A peer that is not there measures nothing, and is told in the table.
                if not missing:
                    yield f"{label}: is not measured any more"
                continue
            spread = max(old["most"] - old["least"], LEAST_SPREAD * old["median"])
            off = new["median"] - old["median"]
            if (-off if old["better"] == "higher" else off) > spread:
                yield (
                    f"{label}: {new['median']:.3g}, accepted {old['median']:.3g} "
                    f"({old['least']:.3g} to {old['most']:.3g}), {old['better']} is better"
                )


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the accepted ratios, by section.

    Raises:
        BadAccepted: the file is not there, or not what `--accept` writes.
    """
    return {name: section["ratios"] for name, section in _sections(path).items()}


def _sections(path: Path) -> dict[str, Any]:
    try:
        sections: dict[str, Any] = json.loads(path.read_text("utf-8"))["sections"]
        whole = all(set(_KEPT) == set(each) for section in sections.values() for each in section["ratios"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadAccepted(f"{path.name}: {type(error).__name__}; `--accept` writes it") from error
    if not whole:
        raise BadAccepted(f"{path.name}: a ratio has other fields; `--accept` writes it")
    return sections


def _accept(report: Path, accepted: Path) -> int:
    try:
        tree = json.loads(report.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadAccepted(f"{report}: {type(error).__name__}; `make bench` writes it") from error
    if tree["setting"]["quick"]:
        raise BadAccepted(f"{report}: was measured with --quick, which gives no figures")
    sections = _sections(accepted) if accepted.is_file() else {}
    taken = {"measuredAt": tree["startedAt"], "machine": tree["machine"], "load": tree["load"]}
    for section in tree["sections"]:
        if section["ratios"]:
            ratios = [{name: each[name] for name in _KEPT} for each in section["ratios"]]
            sections[section["name"]] = {**taken, "ratios": ratios}
    content = json.dumps({"sections": sections}, indent=1, ensure_ascii=False) + "\n"
    write_together({accepted: content.encode()})
    print(f"{accepted.name}: {sum(len(each['ratios']) for each in sections.values())} ratios")
    return 0


def _key(line: str) -> str:
    return ": ".join(line.split(": ")[:2])


if __name__ == "__main__":
    raise SystemExit(main())
