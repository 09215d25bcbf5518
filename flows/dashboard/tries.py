"""How often somebody tried a wrong token: who tries ten is not heard for five minutes, so that none is guessed."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

MOST = 10
SECONDS = 300
ADDRESSES = 10_000


@dataclass
class Tries:
    """The wrong tries of late, by address; `now` in seconds."""

    now: Callable[[], float] = time.monotonic
    wrong: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def is_right(self, address: str, is_same: bool) -> bool | None:
        """Whether a try of an address is right; NULL: too many were wrong, this one is not even looked at."""
        late = self.wrong.get(address)
        if late and len(late) == MOST and self.now() - late[0] < SECONDS:
            return None
        if not is_same:
            self.wrong.setdefault(address, deque(maxlen=MOST)).append(self.now())
            self.wrong.move_to_end(address)
            if len(self.wrong) > ADDRESSES:
                self.wrong.popitem(last=False)
        return is_same
