"""Tests of the token that a client obtains, keeps, and shares with threads, tasks and other processes."""
