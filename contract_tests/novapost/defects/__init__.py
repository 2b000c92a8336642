"""The catalogue of defects of Nova Post's rules, each a change of one kind of answer or request.

May import `contract_tests.defects`, which puts a defect before a target and runs the suite against it. A new
defect goes to the file of its kind in `kinds/`, made with the functions of `builders.py`.
"""
