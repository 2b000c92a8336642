"""Why a guest does not send something."""


class Withheld(Exception):
    """A request that did not leave. The message says why and holds no secret."""


class Spent(Withheld):
    """The run, or the test, has sent as many requests as it may."""


class Unavailable(Withheld):
    """The sandbox said, in the documented way and more than once, that it cannot answer now."""


class Impolite(Exception):
    """The suite tried to connect past the sandbox's transport: a fault of the suite, not of the target."""
