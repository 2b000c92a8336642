"""Faults that a test sets: values, their JSON form, and faults shared by several workers.

Imports no other part of the mock except messages and errors. A new fault is a value in `fault.py` and a row
in `json.py`.
"""
