"""The console: pages under `/__mock__/` for people, as the control API is for programs.

May import the control API and the keys. A new page is a module here, a template and a row in `router.py`.
Only `addresses.py` and `entry.py` load with the mock; pages, templates and Jinja load with the first page.
"""
