"""Jobs that a worker's job hands to workers of its own, side by side: files in, files out. They end with the worker."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from flows import workers

Arguments = Mapping[str, object]


class Helpers:
    """So many processes, each started when there is a job for it. One is this process: jobs are done as they come."""

    def __init__(self, number: int) -> None:
        self.threads = ThreadPoolExecutor(number) if number > 1 else None

    def __enter__(self) -> "Helpers":
        return self

    def __exit__(self, *_: object) -> None:
        if self.threads:
            self.threads.shutdown(cancel_futures=True)
            workers.stop_idle()

    def each(self, function: str, given: Iterable[Arguments]) -> Iterator[dict[str, Any]]:
        """A function's ("module:name") results, in the order of the arguments; while the first are made use of the
        others are worked on. Raises workers.Overrun for a job that fails."""
        jobs: deque[Future[dict[str, Any]]] = deque()
        for arguments in given:
            if self.threads is None:
                yield workers.find_function(function)(**arguments)
                continue
            jobs.append(self.threads.submit(workers.call, function, arguments, workers.UNLIMITED))
            while jobs and jobs[0].done():
                yield jobs.popleft().result()
        while jobs:
            yield jobs.popleft().result()
