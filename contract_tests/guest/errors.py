"""Why a guest does not send something."""


class Withheld(Exception):
    """A request that did not leave. The message says why and holds no secret."""


class Spent(Withheld):
    """The run, or the test, has sent as many requests as it may."""


class Impolite(Exception):
    """Somebody tried to go round the guest's door: a fault of the suite, not of the target."""
