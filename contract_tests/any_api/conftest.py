"""Which tests of any document run for Nova Post's: those of which its own tests do not ask for more."""

from pathlib import Path

from contract_tests.session.subject import chosen

OF_OTHER_DOCUMENTS = ("test_methods.py", "test_state.py", "test_values.py")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what Nova Post's own tests ask for more strictly."""
    return True if collection_path.name in OF_OTHER_DOCUMENTS and chosen().is_ours else None
