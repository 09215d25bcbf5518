"""One pass over sources of the web: which addresses are asked, and what becomes of each answer."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import urlsplit

from flows.collect import schedule
from flows.collect.documents import Document
from flows.collect.fetch.answer import Answer
from flows.collect.fetch.client import Client
from flows.collect.fetch.content import Accept
from flows.collect.listing import Item, Listing, NoListing
from flows.collect.memory import Memory
from flows.collect.pages import listing_document, outcome_of, settle_page
from flows.collect.reading import read_listing
from flows.collect.remembered import Feed, Outcome, Page, Row
from flows.collect.urls import canonical_url
from flows.schema import stable_id
from flows.settings import Collecting
from flows.sources import Source

DEEPEST = 3  # an index of sitemaps may name indexes, which may name sitemaps
NAMELESS = "item without address"
UNFINISHED = ("deferred", "bad day")


@dataclass(frozen=True)
class Arrival:
    """What came of one address: what to archive (NULL: nothing), and what to remember once that is archived."""

    document: Document | None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Task:
    """A page to be asked for."""

    source: Source
    page: Page
    verdict: "asyncio.Future[str]"


class Crawl:
    """One pass. `now` tells the time (seconds since 1970, UTC), `put` takes each arrival; what it takes comes in an
    order in which a feed comes after every page that it lists."""

    def __init__(
        self,
        client: Client,
        memory: Memory,
        collecting: Collecting,
        run_id: str,
        now: Callable[[], float],
        put: Callable[[Arrival], Awaitable[None]],
        forgotten: frozenset[str] = frozenset(),
    ) -> None:
        self.client, self.memory, self.collecting = client, memory, collecting
        self.run_id, self.now, self.put, self.forgotten = run_id, now, put, forgotten
        self.asked: set[str] = set()  # keys of pages and addresses of listings: each is asked once a pass
        self.told: dict[str, Page] = {}  # pages had in this pass: the memory learns of them later
        self.lanes: dict[str, deque[Task]] = {}
        self.drivers: set[asyncio.Task[None]] = set()

    async def run(self, sources: Iterable[Source], are_named: bool) -> None:
        """Ask what is due of the sources; all of them are where they are named by the user."""
        async with asyncio.TaskGroup() as group:
            for source in sources:
                group.create_task(self._source(source, are_named))

    async def _source(self, source: Source, is_named: bool) -> None:
        assert source.url
        if is_named or self._is_due(source.url):
            if source.type == "page":
                await self._own_page(source, source.url)
            else:
                await self._listing(source, source.url, is_source=True)
        await self._pages(source, self.memory.due_pages(source.name, self.now()))

    def _is_due(self, url: str) -> bool:
        """Whether a feed, a sitemap or a page that is a source is to be asked by now."""
        feed = self.memory.feed(url)
        return feed is None or (feed.due_at is not None and feed.due_at <= self.now())

    async def _own_page(self, source: Source, url: str) -> None:
        """A source that is one page: asked as often as it changes, like a feed."""
        key = canonical_url(url)
        if stable_id("art", key) in self.forgotten:
            told = _forgotten(source, stable_id("art", key), self.run_id, self.now())
            await self.put(Arrival(None, (told._replace(is_source=True),)))
            return
        page = self.memory.pages([key]).get(key) or Page(key, url, source.name)
        feed = self.memory.feed(url) or Feed(url, source.name)
        self.asked.add(key)
        answer = await self._ask_page(source, page)
        document, rows, outcome = self._settle(source, page, answer)
        if outcome.verdict == "good":
            listing = Listing("feed", [Item(url)])
            n_new = int(outcome.outcome in ("new", "changed"))
            now = self.now()
            feed = schedule.feed_was_had(feed, answer, listing, "", n_new, now, self.collecting)
        else:
            feed = schedule.feed_failed(feed, answer, self.now(), self.collecting)
        await self.put(Arrival(document, (*rows, feed, outcome._replace(is_source=True))))

    async def _listing(self, source: Source, url: str, is_source: bool, depth: int = 0) -> None:
        """A feed or a sitemap and everything that it lists."""
        if url in self.asked:
            return
        self.asked.add(url)
        feed = self.memory.feed(url) or Feed(url, source.name)
        is_full = schedule.is_full_due(feed.full_at, self.now(), self.collecting)
        validators = (None, None) if is_full else (feed.etag, feed.last_modified)
        accept: Accept = "any" if source.type == "url" else "listing"
        answer = await self.client.get(
            url, allow_private=source.allow_private, etag=validators[0], last_modified=validators[1], accept=accept
        )
        outcome = outcome_of(source, url, answer, self.run_id)._replace(is_source=is_source)
        now = self.now()
        if answer.outcome == "not modified":
            feed = schedule.feed_stands(feed, now, self.collecting)
            n_items = feed.n_items or 0
            await self.put(Arrival(None, (feed, outcome._replace(n_known=n_items, n_documents=n_items))))
        elif not answer.body:
            await self.put(Arrival(None, (schedule.feed_failed(feed, answer, now, self.collecting), outcome)))
        else:
            try:
                listing = await asyncio.to_thread(read_listing, answer, source.type, self.collecting)
            except NoListing as error:
                await self._no_listing(source, url, feed, answer, outcome, error)
            else:
                await self._listed(source, feed, listing, answer, outcome, depth)

    async def _no_listing(
        self, source: Source, url: str, feed: Feed, answer: Answer, outcome: Outcome, error: NoListing
    ) -> None:
        """What answered is no feed and no sitemap: a page, where a bare address was given; else the feed is broken."""
        key = canonical_url(url)
        if source.type == "url":
            page = self.memory.pages([key]).get(key) or Page(key, url, source.name)
            self.asked.add(key)
            document, rows, told = self._settle(source, page, answer)
            await self.put(Arrival(document, (*rows, told._replace(is_source=True))))
            return
        broken = outcome._replace(outcome=error.reason, verdict="broken", detail=error.detail)
        failed = schedule.feed_failed(feed, replace(answer, verdict="broken"), self.now(), self.collecting)
        await self.put(Arrival(None, (failed, broken)))

    async def _listed(
        self, source: Source, feed: Feed, listing: Listing, answer: Answer, outcome: Outcome, depth: int
    ) -> None:
        """What a feed or sitemap lists: first the pages, then, when all of them have come, its own row."""
        digest = sha256(answer.body).hexdigest()
        kind = "feed" if listing.kind == "feed" else "sitemap"
        await self.put(Arrival(listing_document(source, answer, kind)))
        children = [child for child in listing.children if depth < DEEPEST and self._is_due(child)]
        await asyncio.gather(*(self._listing(source, child, is_source=False, depth=depth + 1) for child in children))
        wanted, n_known, nameless = self._choose(source, listing, feed.url)
        verdicts = await self._pages(source, wanted)
        n_new = sum(1 for page in wanted if page.state == "waiting" and page.checked_at is None)
        now = self.now()
        after = schedule.feed_was_had(feed, answer, listing, digest, n_new, now, self.collecting)
        if listing.kind == "index" or any(verdict in UNFINISHED for verdict in verdicts):
            after = after._replace(etag=None, last_modified=None)
        told = outcome._replace(
            outcome="read" if listing.items or listing.children else "nothing listed",
            n_documents=len(listing.items) + len(listing.children),
            n_known=n_known + len(listing.children) - len(children),
            n_refused=len(nameless),
            detail=listing.flaw,
        )
        refused = (
            Outcome(self.run_id, source.name, f"{feed.url}#{number}", NAMELESS, "broken", now, detail=title)
            for number, title in nameless
        )
        await self.put(Arrival(None, (after, told, *refused)))

    def _choose(
        self, source: Source, listing: Listing, url: str
    ) -> tuple[list[Page], int, list[tuple[int, str | None]]]:
        """Of what is listed: the pages to ask for, the newest first, how many need not be, and the entries that name no
        address."""
        now = self.now()
        nameless = [(number, item.title) for number, item in enumerate(listing.items, 1) if item.url is None]
        items: dict[str, Item] = {}
        for item in listing.items:
            if item.url is not None:
                items.setdefault(canonical_url(item.url), item)
        known = self.memory.pages(list(items))
        wanted = []
        for key, item in sorted(items.items(), key=lambda listed: -_at(listed[1])):
            before = known.get(key)
            page = (before or Page(key, str(item.url), source.name))._replace(
                listed_by=url,
                listed_title=item.title,
                listed_published=item.published,
                listed_published_at=item.published_at.timestamp() if item.published_at else None,
                listed_publisher=item.publisher,
                listed_updated=item.updated or item.published,
            )
            is_due = before is None or (before.due_at is not None and before.due_at <= now)
            is_relisted = before is not None and before.listed_updated not in (None, page.listed_updated)
            if key not in self.asked and (is_due or is_relisted) and stable_id("art", key) not in self.forgotten:
                wanted.append(page)
        return wanted, len(items) - len(wanted), nameless

    async def _pages(self, source: Source, wanted: Sequence[Page]) -> list[str]:
        """Ask for pages, those of different hosts side by side; the verdicts."""
        loop = asyncio.get_running_loop()
        fresh = [page for page in wanted if page.key not in self.asked]
        tasks = [Task(source, page, loop.create_future()) for page in fresh]
        self.asked.update(task.page.key for task in tasks)
        for task in tasks:
            host = urlsplit(task.page.url).netloc
            if host not in self.lanes:
                self.lanes[host] = deque()
                driver = asyncio.create_task(self._drive(host))
                self.drivers.add(driver)
                driver.add_done_callback(self.drivers.discard)
            self.lanes[host].append(task)
        return list(await asyncio.gather(*(task.verdict for task in tasks)))

    async def _drive(self, host: str) -> None:
        """Ask a host's pages one after the other, until none is left."""
        lane = self.lanes[host]
        while lane:
            task = lane.popleft()
            try:
                answer = await self._ask_page(task.source, task.page)
                document, rows, outcome = self._settle(task.source, task.page, answer)
                await self.put(Arrival(document, (*rows, outcome)))
                if not task.verdict.done():  # it is where the pass was stopped
                    task.verdict.set_result(outcome.verdict)
            except BaseException as error:
                if not task.verdict.done():
                    task.verdict.set_exception(error)
                raise
        del self.lanes[host]

    def _settle(self, source: Source, page: Page, answer: Answer) -> tuple[Document | None, tuple[Page, ...], Outcome]:
        document, rows, outcome = settle_page(
            source, page, answer, self.run_id, self.now(), self.collecting, self._known
        )
        if document and document.article_id in self.forgotten:
            return None, (), _forgotten(source, document.article_id, self.run_id, self.now())
        self.told |= {row.key: row for row in rows if row.state == "held"}
        return document, rows, outcome

    def _known(self, key: str) -> Page | None:
        return self.told.get(key) or self.memory.pages([key]).get(key)

    async def _ask_page(self, source: Source, page: Page) -> Answer:
        is_full = page.state != "held" or schedule.is_full_due(page.full_at, self.now(), self.collecting)
        return await self.client.get(
            page.url,
            allow_private=source.allow_private,
            etag=None if is_full else page.etag,
            last_modified=None if is_full else page.last_modified,
            accept="page",
        )


def _at(item: Item) -> float:
    """When an item was last dated; 0 where it is not."""
    at = item.updated_at or item.published_at
    return at.timestamp() if at else 0.0


def _forgotten(source: Source, article_id: str, run_id: str, now: float) -> Outcome:
    """The outcome of an address of which a tombstone stands: the article's id, for the address is not kept."""
    told = "taken down (`newsledger forget`): it is not collected again"
    return Outcome(run_id, source.name, article_id, "forgotten", "refused", now, detail=told)
