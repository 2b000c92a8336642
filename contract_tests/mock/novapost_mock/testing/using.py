"""A mock for a block of code or a test without pytest: a context manager and decorator.

Under unittest, Django or a script: `with mocked() as mock:`, or `@mocked()` above a test, which then gets the
mock as its last argument.
"""

import functools
import inspect
from collections.abc import Callable
from types import TracebackType
from typing import Any, Generic, TypeVar

from novapost_mock.testing.fixtures import LocalMock, ServedMock
from novapost_mock.testing.server_thread import Background

Given = TypeVar("Given", LocalMock, ServedMock)


class _Using(Generic[Given]):
    """What both have in common: a new mock for each use."""

    def __init__(self, *test: Callable[..., Any], **settings: Any) -> None:
        """Take the settings of `Mock`.

        Raises:
            ValueError, TypeError: a setting is wrong, or the parentheses of a decorator were forgotten.
        """
        if test:
            name = type(self).__name__
            raise TypeError(f"{name} takes named settings: @{name}() above a test, {name}(clients=[...])")
        self._settings = settings
        LocalMock(**settings)  # so that a wrong setting is told where it stands, not when a test runs
        self._open: list[Given] = []

    def _start(self) -> Given:
        raise NotImplementedError

    def _stop(self, given: Given) -> None:
        """Give back what the mock takes."""

    def __enter__(self) -> Given:
        given = self._start()
        self._open.append(given)
        return given

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop(self._open.pop())

    async def __aenter__(self) -> Given:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, test: Callable[..., Any]) -> Callable[..., Any]:
        """Decorate a function, a method or a coroutine: its last argument is the mock.

        Raises:
            TypeError: it is a class, or takes no argument.
        """
        if isinstance(test, type):
            raise TypeError("decorate the tests of a class, or use enterContext() in its setUp")
        signature = inspect.signature(test)
        named = [each for each in signature.parameters.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
        if not named:
            raise TypeError(f"{test.__name__} takes no argument; the last one is the mock")
        last = named[-1].name

        if inspect.iscoroutinefunction(test):

            @functools.wraps(test)
            async def waiting(*args: Any, **kwargs: Any) -> Any:
                with self as given:
                    return await test(*args, **kwargs, **{last: given})

            wrapper: Callable[..., Any] = waiting
        else:

            @functools.wraps(test)
            def calling(*args: Any, **kwargs: Any) -> Any:
                with self as given:
                    return test(*args, **kwargs, **{last: given})

            wrapper = calling
        # Runners that read signatures, pytest among them, must not look for a fixture of that name.
        others = [each for name, each in signature.parameters.items() if name != last]
        wrapper.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        del wrapper.__wrapped__  # type: ignore[attr-defined]
        return wrapper


class mocked(_Using[LocalMock]):  # noqa: N801 (used like a function, as unittest.mock.patch is)
    """A mock in this process: `with mocked(clients=["498213437654"]) as mock:`.

    The mock has a transport for httpx (`mock.transport`), and the methods of `Mock`.
    """

    def _start(self) -> LocalMock:
        return LocalMock(**self._settings)


class served(_Using[ServedMock]):  # noqa: N801
    """A mock on a free port of this machine: `with served() as server:`.

    `server.base_url` and `server.control_url` are its addresses, and `server.mock` is the mock itself. Use it
    for code that opens its own connections, in any language.
    """

    def __init__(self, *test: Callable[..., Any], **settings: Any) -> None:
        super().__init__(*test, **settings)
        self._backgrounds: dict[int, Background] = {}

    def _start(self) -> ServedMock:
        mock = LocalMock(**self._settings)
        background = Background(mock).start()
        given = ServedMock(mock, background.port)
        self._backgrounds[id(given)] = background
        return given

    def _stop(self, given: ServedMock) -> None:
        self._backgrounds.pop(id(given)).stop()
