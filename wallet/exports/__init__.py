"""The whole ledger as files for other programs: CSV, and the journals of hledger and beancount.

Both journals say each account's balance at their end, as the node holds it: whoever adds the file up again
with its own program learns whether a cent is missing.
"""
