"""Drift: compare two descriptions of an API. Report each change, whom it breaks, and a value that proves it.

There are four steps: `load` turns an argument into a document, `compare` finds the differences (facts),
`judge` decides whom a fact breaks (findings), `formats` prints the findings.

A schema is judged by the values that it allows, not by its notation. A sender sends only the properties that
its description names. A receiver accepts every value that its schema allows. This gives these rules:

* An old client sends a request to the new server; the new server sends a response to an old client. For
  webhooks and callbacks it is the other way round.
* A property that only the receiver knows changes nothing, unless the receiver requires it.
* A property that only the sender knows is accepted, unless the receiver has `additionalProperties: false`, or
  is one of several alternatives and shares no property with the sent value.
* An object without `additionalProperties` counts as one with `additionalProperties: true`. Changing it to
  `false`, or restricting it, breaks senders of other properties.
* `oneOf` accepts a value that fits exactly one alternative. With a discriminator, its property decides. A
  schema that only a discriminator names is judged by the messages that can contain it.

"No drift" is reported only if each difference of the two documents is one of the judged facts, and each of
these facts changes nothing (order, references, another notation of the same values). Every other difference,
such as an extension or a keyword of a later version, is reported as "changed, not judged" with the level
`unknown`.

These are the levels:

breaking
    An operation, a media type, a success status, or a required property or header of an answer is removed. A
    value of an enum is removed from a request or added to an answer. Every alternative of `security` that a
    client could use requires more. No server address of the old document remains.
behaviour
    Nothing is refused, but the effect changes. A parameter or a property of an open object is removed: what a
    client sends is ignored, or what it reads is missing. An optional header of an answer, or one of several
    servers, is removed. A default of a request changes. A link leads to another operation. A success status
    with a body of its own is added. A discriminator is added or removed. A sentence with a rule changes.
unknown
    The judge cannot decide within its limits, or has no rule for the difference ("changed, not judged"). For
    the exit code it counts like behaviour.
client-api
    Names in the generated client change, but no message changes.
docs
    Texts, titles, examples, deprecation, components that no operation uses, differences between two languages
    of the page.
compatible
    Everything else: new operations, optional parameters, documented errors, wider requests, narrower answers.

`deprecated` is an announcement and breaks nobody. Removing an operation after its sunset breaks those who
still call it. A documented error (4xx, 5xx) that is added or removed is compatible, because RFC 9110 (section
15) requires clients to understand the class of an unknown status. `int64` and `double` exclude no JSON
number, so they change nothing. A format that no validator knows is `unknown` if it is added. In a parameter
every number is a text, too.
"""
