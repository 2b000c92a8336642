"""Event hooks of the caller's own.

An exception of a hook is told as one of that hook, with its cause, and not as a fault of the network.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

Hook = Callable[[Any], Any]


class HookFailed(Exception):
    """A hook raised something."""

    def __init__(self, where: str, error: Exception) -> None:
        super().__init__(where)
        self.where = where
        self.error = error


def guarded(hooks: Mapping[str, Any] | None, *, tasks: bool) -> dict[str, list[Hook]]:
    """Wrap hooks for a client of tasks or of threads, so that each raises HookFailed and nothing else."""
    make = _awaited if tasks else _called
    return {kind: [make(kind, hook) for hook in several] for kind, several in (hooks or {}).items()}


def _named(kind: str, hook: Hook) -> str:
    return f"httpx_args['event_hooks']['{kind}']: {getattr(hook, '__name__', type(hook).__name__)}"


def _called(kind: str, hook: Hook) -> Hook:
    def call(subject: Any) -> None:
        try:
            outcome = hook(subject)
            if inspect.iscoroutine(outcome):
                outcome.close()
                raise TypeError("it is a coroutine function, which only the calls of `aio` can await")
        except Exception as error:
            raise HookFailed(_named(kind, hook), error) from error

    return call


def _awaited(kind: str, hook: Hook) -> Hook:
    async def call(subject: Any) -> None:
        try:
            outcome = hook(subject)
            if inspect.isawaitable(outcome):
                await outcome
        except Exception as error:
            raise HookFailed(_named(kind, hook), error) from error

    return call
