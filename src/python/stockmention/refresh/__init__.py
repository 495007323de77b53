"""Brings the tables of a dictionary up to date from the lists that exchanges publish.

    python3 -m stockmention.refresh --write tables -o my.smd A股列表.xlsx GPLIST.xls ListOfSecurities.xlsx nasdaqlisted.txt

shows what has changed, a line each, and writes nothing without --write or -o. `python3 -m stockmention.refresh --help`
tells more; formats.tsv beside this file says which lists are read.
"""
