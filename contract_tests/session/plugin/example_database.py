"""Where Hypothesis keeps the cases that failed, so that yesterday's failure is today's first case."""

from pathlib import Path

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from contract_tests.target import targets
from contract_tests.target.targets import WrongUse

VARIABLE = targets.EXAMPLES_VARIABLE


def kept_examples(here: Path) -> ExampleDatabase | None:
    """Return the database that NOVAPOST_EXAMPLES names: "none", a directory, or redis://... to share one.

    What is kept are the choices that led to a failing case, not what was sent or answered.

    Args:
        here: the directory to use where the variable says nothing.

    Raises:
        WrongUse: no Redis answers at the address.
    """
    named = targets.examples_setting()
    if named == "none":
        return None
    if not named.startswith(("redis://", "rediss://", "unix://")):
        return DirectoryBasedExampleDatabase(Path(named) if named else here)
    # Only here: most runs need neither, and reading them takes a tenth of a second.
    from hypothesis.extra.redis import RedisExampleDatabase
    from redis import Redis, RedisError

    try:
        redis = Redis.from_url(named, socket_timeout=5, socket_connect_timeout=5)
        redis.ping()
    except (RedisError, ValueError) as error:
        # The address may hold a password.
        raise WrongUse(f"{VARIABLE} names a Redis that does not answer: {type(error).__name__}") from error
    return RedisExampleDatabase(redis)
