"""Send one fixed script of requests to two targets, and compare the answers.

The permitted differences are named; every other difference is a finding.
"""
