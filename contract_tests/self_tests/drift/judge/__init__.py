"""Tests of the judge part by part; whole documents are judged in the folder above."""
