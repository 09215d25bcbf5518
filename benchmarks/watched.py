"""What the processes of a command take: peak memory and processor time of each, at each stage of a run."""

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOOK_EVERY = 0.2  # seconds; what a process had at its most, the system itself remembers
TICK = os.sysconf("SC_CLK_TCK")
KINDS = {"flows.worker": "worker", "prefect.server": "Prefect's server", "resource_tracker": "tracker"}


@dataclass
class Watched:
    """What a command took. By process ("worker 1"): `peak`, the most that it had resident, mapped pages of files
    among it, and `own`, the most of that which is its alone (RssAnon); MB of 10^6 bytes. By stage and kind of process:
    `at`, the most that one had alone there, and `processor` seconds. `seconds` is by the clock."""

    returncode: int = 0
    seconds: float = 0.0
    peak: dict[str, float] = field(default_factory=dict)
    own: dict[str, float] = field(default_factory=dict)
    at: dict[tuple[str, str], float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def watch(command: Sequence[str], environment: Mapping[str, str], lock: Path, said: Path) -> Watched:
    """Run a command, and look at it and all that it starts until it ends. `lock` is the file in which it says at which
    stage it is; what it prints goes to the file `said`."""
    found, names, spent = Watched(), dict[int, str](), dict[int, float]()
    started, stage = time.monotonic(), "start"
    with said.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        while process.poll() is None:
            stage = _stage_of(lock) or stage
            for pid in _tree(process.pid):
                _look(pid, stage, pid == process.pid, found, names, spent)
            time.sleep(LOOK_EVERY)
    found.returncode, found.seconds = process.returncode, time.monotonic() - started
    return found


def _look(pid: int, stage: str, is_first: bool, found: Watched, names: dict[int, str], spent: dict[int, float]) -> None:
    """Note one process as it is; one that ends meanwhile is left alone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        times = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        told = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return
    sizes = {line.split()[0]: int(line.split()[1]) * 1024 / 1e6 for line in status.splitlines() if line.endswith("kB")}
    if "VmHWM:" not in sizes:  # it has ended, and nobody has taken note
        return
    kind = "main" if is_first else next((name for part, name in KINDS.items() if part in told), "other")
    if pid not in names:
        number = sum(name.startswith(kind) for name in names.values()) + 1
        names[pid] = kind if is_first else f"{kind} {number}"
    name, own, now = names[pid], sizes["RssAnon:"], (int(times[11]) + int(times[12])) / TICK
    found.peak[name] = max(found.peak.get(name, 0.0), sizes["VmHWM:"])
    found.own[name] = max(found.own.get(name, 0.0), own)
    found.at[stage, kind] = max(found.at.get((stage, kind), 0.0), own)
    found.processor[stage] += now - spent.get(pid, 0.0)
    spent[pid] = now


def _tree(pid: int) -> list[int]:
    """A process and all that it started, and those that they did."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text("ascii", "replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            children[int(stat.rpartition(")")[2].split()[1])].append(int(folder.name))
    found = [pid]
    for one in found:
        found += children[one]
    return found


def _stage_of(lock: Path) -> str:
    """What a run's lock says of where it is, without how far; nothing where it is being written."""
    stage = lock.read_text("utf-8").rpartition(", at ")[2] if lock.exists() else ""
    return " ".join(word for word in stage.split() if not word.isdigit() and word != "of")
