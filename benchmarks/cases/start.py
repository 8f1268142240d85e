"""Cold start to first answer: a node with demonstration data, beside a process that does nothing."""

from benchmarks.bench import Bench
from benchmarks.processes import bare_process, first_answer, one_node
from node.demo.village import DemoNode

LIMIT_MS = 2000.0


def run(bench: Bench) -> None:
    """Median of several starts; the first answer must come within two seconds."""
    node = one_node(bench.folder)
    times = bench.among(1, 5, 15)
    ours = sorted(_start(node) for _ in range(times))
    bare = sorted(_start_bare() for _ in range(times))
    median, reference = ours[times // 2], bare[times // 2]
    bench.add(
        "start to /readyz",
        database="sqlite",
        p50_ms=median,
        p95_ms=ours[int(times * 0.95)],
        reference="bare Starlette on uvicorn",
        reference_p50_ms=reference,
        ratio=median / reference,
    )
    bench.promise("the first answer comes within 2 s", median < LIMIT_MS)


def _start(node: DemoNode) -> float:
    node.start()
    try:
        return first_answer(node.port) * 1000
    finally:
        node.stop()


def _start_bare() -> float:
    with bare_process() as (_process, port):
        return first_answer(port) * 1000
