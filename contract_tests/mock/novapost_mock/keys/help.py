"""The description in `novapost-mock --help`, with calls of the sandbox to try."""

EXAMPLE_PHONE = "498213437654"
"""The phone of the published example; registered unless a mock is started with other clients."""

HELP = f"""\
Run a mock of the Nova Post sandbox on this machine. It issues API keys and JWTs by the published rules, has
its own clock, and opens no connection to other machines.

try it:
  novapost-mock --port 8080 &
  curl -d '{{"phone": "{EXAMPLE_PHONE}"}}' -H 'Content-Type: application/json' \\
       http://127.0.0.1:8080/v.1.0/test-api-keys
  curl 'http://127.0.0.1:8080/v.1.0/clients/authorization?apiKey=KEY-FROM-ABOVE'

set up a test:
  curl -X PUT -d '{{"matches": 2}}' -H 'Content-Type: application/json' \\
       http://127.0.0.1:8080/__mock__/clients/4915112345678     two clients have this phone: 409
  curl -X PUT -d '{{"advance_seconds": 86400}}' -H 'Content-Type: application/json' \\
       http://127.0.0.1:8080/__mock__/clock                     a day later
  curl -X POST http://127.0.0.1:8080/__mock__/reset             back to the start

ask for a certain answer:
  curl -X POST -H 'Prefer: code=503' http://127.0.0.1:8080/v.1.0/test-api-keys

serve another document:
  novapost-mock --spec openapi.yaml

When the mock accepts connections, it prints its address in the first line on stdout, and the address of the
console in the second line. In a browser, http://127.0.0.1:8080/ leads to the console.

exit codes: 0 stopped by SIGINT or SIGTERM, 2 wrong use, or the address cannot be used
"""
