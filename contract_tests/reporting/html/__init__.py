"""The report of a run as one HTML file that holds all it needs, made from the JSON summary alone."""
