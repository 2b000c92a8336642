"""All that is known of Nova Post's API beyond its document, and the contract that it makes with it."""

import tomllib
from functools import cache, partial

from contract_tests.checks.document import EFFECTIVE, Contract
from contract_tests.checks.knowledge import Knowledge
from contract_tests.novapost.knowledge import checks, generated, recipes, situations
from scripts.lib.paths import RULES

# Stands in printed commands where the real request had a key. The reader sets the variable.
KEY_VARIABLE = "$NOVAPOST_API_KEY"


@cache
def knowledge() -> Knowledge:
    """Return the rules, checks, recipes and secrets of Nova Post's API."""
    rules = tomllib.loads(RULES.read_text("utf-8"))
    return Knowledge(
        rules=rules,
        rules_file=RULES,
        checks=(
            checks.error_says_so,
            checks.dates_make_sense,
            checks.given_key_is_active,
            checks.key_is_not_an_echo,
            checks.jwt_lasts_an_hour,
            checks.error_repeats_no_key,
        ),
        statuses={
            recipes.KEY_OPERATION: partial(checks.statuses_of_key_request, rules=rules),
            recipes.TOKEN_OPERATION: checks.statuses_of_token_request,
        },
        secret_parameters={"apiKey": KEY_VARIABLE},
        secret_members=("apiKey", "jwt"),
        owner_of=checks.owner_of,
        name_of=checks.phone_of,
        requests=recipes.REQUESTS,
        recipes=recipes.RECIPES,
        situations=situations.SITUATIONS,
        hooks=(generated.flatmap_body, generated.flatmap_query),
        prepare=generated.prepare,
        phone_goes_to=recipes.KEY_OPERATION,
        only_documented=True,
        honours_prefer=True,
        # A request has some forty bytes.
        usual_body=1024,
        test_checks=(
            "equal-requests",
            "additions-have-no-effect",
            "keys-cannot-be-guessed",
            "tokens-cannot-be-guessed",
            "json-taken",
            "refused-changes-nothing",
            "large-body-refused",
            "parity",
        ),
    )


def contract() -> Contract:
    """Return Nova Post's document with what is known beyond it."""
    return Contract.read(EFFECTIVE, knowledge())


def certainties() -> dict[str, str]:
    """Return by rule whether a document states it ("stated") or it is our reading ("assumed")."""
    return dict(knowledge().certainties)
