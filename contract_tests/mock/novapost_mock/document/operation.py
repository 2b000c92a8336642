"""One operation of a document, as the rest of the mock sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from novapost_mock.messages import Request
from novapost_mock.responses.operation import Behaviour
from novapost_mock.responses.parameters import Parameter
from novapost_mock.responses.response import Answers
from novapost_mock.responses.routes import Template
from novapost_mock.schemas.validators import Shape

NO_ANSWERS = Answers({}, {}, None)


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        operation_id: its name in the document; of one without, a name made of method and path.
        method: upper case.
        path: the template below the base path, such as `/parcels/{id}`.
        imitated: by hand-written rules, by its schema, or not at all.
        reason: why it is not imitated; empty if it is.
        templates: its path below each base path of its servers.
        parameters: its query parameters by name.
        body: the shape of its JSON body; None if it takes none.
        answers: the documented answers.
        behaviour: how it answers by its schema; None if it is not imitated.
        variants: all operations at its place, itself included, where only queries, fragments or the names of
            parameters in their paths tell them apart; empty where it is the only one.
    """

    operation_id: str
    method: str
    path: str
    imitated: Literal["rules", "schema", "none"]
    reason: str = ""
    templates: tuple[Template, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    body: Shape | None = None
    answers: Answers = NO_ANSWERS
    behaviour: Behaviour | None = None
    variants: tuple["Operation", ...] = ()

    def meant_by(self, request: Request, segments: tuple[str, ...]) -> "Operation":
        """Return the operation that a request is for: of several the first that it fits.

        If its body fits none of them, the parameters alone decide.

        Args:
            request: the request.
            segments: the decoded segments of its path.
        """
        fitting = [
            (each, each.behaviour)
            for each in self.variants
            if each.behaviour is not None and each.behaviour.takes(request, segments)
        ]
        whole = (each for each, behaviour in fitting if behaviour.takes_body(request))
        return next(whole, fitting[0][0] if fitting else self)
