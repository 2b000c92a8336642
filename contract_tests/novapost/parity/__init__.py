"""One script of requests, asked of two sides; what may differ is named, all else is a finding."""
