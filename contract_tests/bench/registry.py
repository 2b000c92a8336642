"""The sections, in the order in which they run: a new one is a module and a line."""

from collections.abc import Callable, Mapping

from contract_tests.bench.sections import cases, client, drift, faults, large, mock, mock_rows, regenerate
from contract_tests.bench.values import Section, Setting, Step

# Measures, and raises Missing where it cannot. What it raises beyond that ends the run.
Measure = Callable[[Setting, Step], Section]

SECTIONS: Mapping[str, Measure] = {
    "faults": faults.section,
    "cases": cases.section,
    "client": client.section,
    "regenerate": regenerate.section,
    "drift": drift.section,
    "mock": mock.section,
    "mock-rows": mock_rows.section,
    "large": large.section,
}
