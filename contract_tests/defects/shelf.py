"""All seeded defects, in one visible list."""

from contract_tests.defects.answers import ANSWERS
from contract_tests.defects.faults import FAULTS
from contract_tests.defects.inputs import INPUTS
from contract_tests.defects.passing import Defect
from contract_tests.defects.refusals import REFUSALS
from contract_tests.defects.rules import RULES

SHELF: tuple[Defect, ...] = (*ANSWERS, *REFUSALS, *INPUTS, *RULES, *FAULTS)
