"""The bridge on a till's machine: a USB reader sees a card, the till's page hears of it; on loopback alone.

It stands beside the room and uses nothing of it: no database, no node. `docs/reader.md` says what it speaks.
"""
