"""Is the document itself strict enough to hold a target against?"""

import pytest

from contract_tests.checks.document import Contract
from contract_tests.checks.finding import Finding
from contract_tests.novapost.knowledge.api import KeysApi as Api
from contract_tests.novapost.knowledge.strategies import NO_PHONES, NO_REQUESTS, PUBLISHED_EXAMPLE

pytestmark = pytest.mark.guest(requests=0)


def lets_through(contract: Contract) -> list[object]:
    """Return the bad requests that a document's own schema takes for good ones."""
    operation = next(o for o in contract.operations if o.path == "/test-api-keys")
    bad = [*NO_REQUESTS, *({"phone": phone} for phone in NO_PHONES)]
    return [body for body in bad if not contract.complaints(operation.body, body)]


@pytest.mark.rule("phone-format")
def test_the_document_refuses_what_the_rules_refuse(api: Api, contract: Contract) -> None:
    """An under-specified document makes every check that follows blind to what it leaves out."""
    let = lets_through(contract)
    if let:
        shown = ", ".join(ascii(body) for body in let[:3])
        api.settle(
            [
                Finding(
                    "under-specified",
                    "POST /test-api-keys",
                    f"the document takes {len(let)} requests that the rules refuse: {shown}",
                    "",
                )
            ]
        )


@pytest.mark.rule("phone-format")
def test_the_document_takes_its_own_example(contract: Contract) -> None:
    """The published example has one digit more than the published format."""
    operation = next(o for o in contract.operations if o.path == "/test-api-keys")

    assert contract.complaints(operation.body, {"phone": PUBLISHED_EXAMPLE}) == []
