"""Drift: what changed between two descriptions of the API, whom it breaks, and a payload that proves it.

Four steps that do not know each other's inside: `load` turns an argument into a document, `compare` says
what differs (facts), `judge` says whom a fact hurts (findings), `formats` prints findings.

A schema is judged by the values it allows and not by how it is written. Who writes a message sends what the
description names and nothing else; who reads it takes the schema as it stands. So

* a request is written by an old client and read by the new server, a response is written by the new server
  and read by an old client; for webhooks and callbacks it is the other way round;
* a property that only the reader knows changes nothing, unless the reader requires it;
* a property that only the writer knows is let through, unless the reader says `additionalProperties: false`
  or is one of several alternatives that has nothing in common with what is sent;
* an object that says nothing of other properties has them, as if it said `additionalProperties: true`: to
  close it, or to restrict them, breaks who sends some;
* `oneOf` takes what fits exactly one alternative. Where a discriminator tells them apart, its mark decides.
  A schema that only a discriminator leads to is judged by the messages that may have it.

Equality decides silence: "no drift" is said only if each difference of the two documents is one of the
judged facts, and these say that nothing changes (order, references, other words for the same values).
Whatever else differs, an extension or a keyword of a later version, is told as "changed, not judged" and is
`unknown`.

What that leaves open was decided so:

breaking
    An operation, a media type, a status of success, or a required property or header of an answer goes. A
    value of an enum goes from a request or comes into an answer. Every alternative of `security` that a
    client could satisfy asks for more. No server address is left that a client may have been told.
behaviour
    Nothing is refused, and yet it does something else: a parameter or a property of an open object goes
    (what a client sends is ignored, what it reads no longer comes), an optional header of an answer goes, a
    default of a request changes, one of several servers goes, a link leads elsewhere, a status of success
    comes with a body of its own, a discriminator comes or goes, a sentence with a rule changes.
unknown
    The judge cannot decide within its bounds, or has no rule for what differs ("changed, not judged"). It
    counts like a change of behaviour for the exit code.
client-api
    Names in the generated client change and nothing on the wire.
docs
    Words, titles, examples, deprecation, components that no operation uses, what two languages of the page
    disagree about.
compatible
    What is left: new operations, optional parameters, documented errors, wider requests, narrower answers.

`deprecated` is a notice and breaks nobody, an operation that goes after its sunset breaks who still calls
it; a documented error (4xx, 5xx) that comes or goes is compatible, since RFC 9110 (section 15) has clients
understand the class of a status they do not know. `int64` and `double` are as wide as JSON goes and say
nothing; a format that no validator knows is `unknown` where it comes. In a parameter every number is a
text,
too.
"""
