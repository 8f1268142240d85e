"""Resident memory of an idle and of a busy node, beside a web process that does nothing."""

import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.bench import Bench
from benchmarks.processes import ask, bare_process, first_answer, one_node, resident_megabytes

LIMIT_MB = 100.0
CLIENTS = 8
PAGES = ("/agenda", "/", "/agenda.json")


def run(bench: Bench) -> None:
    """An idle node holds less than 100 MB; the busy one is measured after thousands of pages."""
    with bare_process() as (bare, port):
        first_answer(port)
        reference = resident_megabytes(bare.pid)
    node = one_node(bench.folder)
    node.start()
    try:
        first_answer(node.port)
        time.sleep(bench.among(0.5, 5, 30))
        idle = resident_megabytes(node.process.pid if node.process else 0)
        refused = _be_busy(node.port, bench.among(60, 3000, 20000))
        busy = resident_megabytes(node.process.pid if node.process else 0)
    finally:
        node.stop()
    for case, megabytes in (("idle node", idle), ("busy node", busy)):
        bench.add(
            case,
            database="sqlite",
            megabytes=megabytes,
            reference="bare Starlette on uvicorn",
            reference_megabytes=reference,
            ratio=megabytes / reference,
        )
    bench.promise("an idle node holds less than 100 MB", idle < LIMIT_MB)
    bench.check("every page was answered", refused == 0)


def _be_busy(port: int, requests: int) -> int:
    """Ask for pages from several clients at once; how many were not answered 200."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(lambda number: ask(port, PAGES[number % len(PAGES)]), range(requests)))
    return sum(status != 200 for status in statuses)
