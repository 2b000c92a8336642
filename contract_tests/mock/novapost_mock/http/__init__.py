"""The HTTP server of the mock: parser, connection, serializer, delivery, workers.

The only folder that knows sockets. It maps bytes to a `Request` and a `Reply` to bytes. It decides who is let
in, by the heads alone: hosts, control's token and other origins (`access.py`, `cors.py`).
"""
