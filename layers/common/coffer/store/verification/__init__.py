"""Verification of a ledger: every item of it is looked at, and must be what it was sealed as and agree with the others.

`walk` goes over them, `kinds` knows which check each of them gets, `judging` runs the checks and looks again at what is
wrong, `progress` keeps what came of it.
"""
