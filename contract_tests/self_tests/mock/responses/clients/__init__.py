"""Recorded requests of other HTTP clients, one per file, with line feeds in place of the line ends of HTTP.

`node-*`: fetch of Node.js 20; `curl-*`: curl 7.88; `java-*`: java.net.http of Java 17; `browser-*`: Chromium
150 with a page on another port. These were recorded. `php-*` (Guzzle with http_build_query) and `go-*`
(net/http) were written from the sources of these clients, because the clients were not available.
"""
