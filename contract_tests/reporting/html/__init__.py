"""Write the report of a run as one HTML file without other files, from the JSON summary alone."""
