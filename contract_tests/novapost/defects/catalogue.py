"""All seeded defects, in one visible list."""

from contract_tests.defects.defect import Defect
from contract_tests.novapost.defects.kinds.errors import REFUSALS
from contract_tests.novapost.defects.kinds.identities import IDENTITIES
from contract_tests.novapost.defects.kinds.principles import PRINCIPLES
from contract_tests.novapost.defects.kinds.requests import INPUTS
from contract_tests.novapost.defects.kinds.responses import ANSWERS
from contract_tests.novapost.defects.kinds.rules import RULES
from contract_tests.novapost.defects.kinds.server import FAULTS
from contract_tests.novapost.defects.kinds.tokens import TOKENS

CATALOGUE: tuple[Defect, ...] = (
    *ANSWERS,
    *REFUSALS,
    *INPUTS,
    *RULES,
    *FAULTS,
    *PRINCIPLES,
    *IDENTITIES,
    *TOKENS,
)
