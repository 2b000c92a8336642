"""Are the properties that are added those that a careless server would take, and none that was asked for?"""

import json

from contract_tests.principles.extra_properties import undocumented

PROPERTIES = {"owner": {"type": "string"}, "paid": {"enum": [True]}, "odd": {"type": ["string", "null"]}}
DOCUMENT = json.dumps({"components": {"schemas": {"Thing": {"properties": PROPERTIES}}}})


def test_the_usual_ones_and_those_of_answers_are_added() -> None:
    """With values that would matter."""
    added = dict(undocumented(DOCUMENT, {"name": "x"}))

    assert (added["admin"], added["status"], added["matches"]) == (True, "Active", 1)
    assert (added["owner"], added["paid"], added["odd"]) == ("1", True, "1")


def test_a_member_of_the_body_is_left_alone() -> None:
    """It is documented, whatever its name."""
    assert "status" not in dict(undocumented(DOCUMENT, {"status": "new"}))
