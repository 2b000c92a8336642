"""The HTTP server of the mock: parser, connection, serializer, delivery, workers.

The only folder that knows sockets. It maps bytes to a `Request` and a `Reply` to bytes, and decides nothing.
"""
