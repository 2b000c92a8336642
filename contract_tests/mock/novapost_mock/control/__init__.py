"""The control API under `/__mock__/`: its routes, the journal, and the journal as HAR.

May import every part of the mock except `http`. A new control call is a row in `routes.py`.
"""
