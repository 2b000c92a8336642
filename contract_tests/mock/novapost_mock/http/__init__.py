"""The HTTP server of the mock: parser, connection, serializer, delivery, workers.

This is the only folder that knows sockets. It maps bytes to a `Request`, and a `Reply` to bytes. It decides
by the headers alone which requests are allowed: hosts, the control token and other origins (`access.py`,
`cors.py`).
"""
