"""What the run's own process has to do with the ledger, done by a process of its own where this one has grown.

DuckDB takes what a writer may (warehouse.file.MEGABYTES) and some more on top of what a process holds already. After a
pass over very many documents the run's own holds their keys and batches, and memory that came free does not go back
to the system; a new process begins with next to nothing.
"""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from flows import workers
from flows.batches import Place
from flows.workers import UNLIMITED, Overrun, StageError

GROWN = 400  # megabytes: twice what a run holds before its first document
Given = ParamSpec("Given")
Result = TypeVar("Result")


def call(place: Place, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """What a function of a module says of its arguments: here, or, where this process has GROWN, in a new one, by way
    of a file in the place's folder. Raises what the function raises, and StageError where its process dies: it is not
    called again, for it may have done its work."""
    if workers.megabytes(os.getpid()) < GROWN:
        return function(*given, **named)
    workers.stop_idle()  # an idle one has cleaned, and grown too
    file = place.folder / f"apart-{uuid4().hex[:8]}.pickle"
    file.write_bytes(pickle.dumps((function, given, named)))
    try:
        workers.call(
            "flows.apart:answer", {"out": str(file)}, UNLIMITED, place.threads, place.lexicon, is_tried_again=False
        )
    except Overrun as error:
        raise StageError(f"{function.__name__}: {error.reason}: {error.detail}") from error
    finally:
        workers.stop_idle()
    result: Result | Exception = pickle.loads(file.read_bytes())
    file.unlink()
    if isinstance(result, Exception):
        raise result
    return result


def answer(out: str) -> dict[str, Any]:
    """Put in place of a call, in a file, its result or its error."""
    path = Path(out)
    function, given, named = pickle.loads(path.read_bytes())
    try:
        result = function(*given, **named)
    except Exception as error:
        result = error
    path.write_bytes(pickle.dumps(result))
    return {}
