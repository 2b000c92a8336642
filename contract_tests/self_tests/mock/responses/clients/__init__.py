"""Requests as clients of other makes sent them, one a file, with line feeds for the line ends of HTTP.

`node-*`: fetch of Node.js 20; `curl-*`: curl 7.88; `java-*`: java.net.http of Java 17; `browser-*`: Chromium
150 with a page on another port. These were recorded. `php-*` and `go-*` are written down after the sources of
Guzzle with http_build_query, and of net/http, since neither was at hand.
"""
