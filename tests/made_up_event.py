"""The pages of a made-up event: an attack on a customs post, told by six outlets over three days and recalled a month
later. Each pass is what the outlets hold when it runs."""

from tests.against_gold import Row

PLACE = "on the Tolvane customs post in Brennick on Monday"
NOTE = "Correction: An earlier version of this article misstated the number of people killed."


def line(name: str, publisher: str, published_at: str, title: str, text: str) -> Row:
    """A bulk line that is all text; it states no time of change."""
    return {"id": name, "publisher": publisher, "published_at": published_at, "title": title, "text": text}


def page(name: str, publisher: str, published_at: str, modified_at: str | None, title: str, *told: str) -> Row:
    """A bulk line that is a page, which states when it was published and, unless None, when it was changed."""
    times = {"published_time": published_at, "modified_time": modified_at}
    meta = "".join(f"<meta property='article:{key}' content='{at}'>" for key, at in times.items() if at)
    body = "".join(f"<p>{text}</p>" for text in told)
    html = f"<html lang=en><head><title>{title}</title>{meta}</head><body><article>{body}</article></body></html>"
    return {"id": name, "publisher": publisher, "html": html}


def post(killed: str) -> Row:
    """The Brennick Post, first on the spot."""
    said = (
        f"An attack {PLACE} killed {killed} people, police said. Gunmen drove up to the barrier at dawn and fired at "
        "the booths, and lorries waited on the bridge until noon while officers searched the river bank for cartridges."
    )
    return line("post", "Brennick Post", "2020-03-02T08:00:00Z", "Gunmen attack Tolvane customs post", said)


AGENCY = (
    f"Seven people were killed in the attack {PLACE}, Governor Livia Tarsi said. She told reporters that schools in "
    "the valley would stay shut until Thursday, and that the ferry had been stopped because the gunmen fled by boat."
)
RADIO = line("radio", "Radio Lumen", "2020-03-02T12:00:00Z", "Seven killed at border crossing, governor says", AGENCY)
COPY = line("mirror", "Mirror Hall", "2020-03-02T13:00:00Z", "Seven killed at border crossing, governor says", AGENCY)


def gazette(killed: str, *more: str, modified_at: str | None = None) -> Row:
    """The Gazette, which corrects itself with a note."""
    told = (
        f"{killed} people were killed in the attack {PLACE}, a rescue worker said.",
        "Ambulances from three districts took turns on the one road that leads down from the pass through the snow.",
        *more,
    )
    title = "Ambulances reach the pass after attack"
    return page("gazette", "Northern Gazette", "2020-03-03T09:00:00Z", modified_at, title, *told)


ARMY = line(
    "courier",
    "Valley Courier",
    "2020-03-03T15:00:00Z",
    "Army says it repelled attack on customs post",
    f"Twelve militants were killed during the attack {PLACE}, the army said. It gave no word on its own losses, and "
    "flew a delegation of officers to the garrison above the pass.",
)
HERALD = line(
    "herald",
    "Harbour Herald",
    "2020-03-04T10:00:00Z",
    "Families bury their dead",
    f"The attack {PLACE} killed seven people, the interior ministry said. Families buried their dead in the "
    "cemetery by the chapel, and shops pulled down their shutters.",
)
RECALL = line(
    "recall",
    "Harbour Herald",
    "2020-04-06T10:00:00Z",
    "Ferry fire kills three off Ostholm",
    "A fire on the ferry Marula killed three passengers off Ostholm on Sunday, the coast guard said. The ship was "
    "towed to port in the evening, where divers searched the flooded engine room for the cause.\n"
    "Captain Edda Vorn told reporters that the pumps had failed within minutes. The shipping line grounded two sister "
    "ships and offered passengers their fares back, while inspectors asked for the log of the last overhaul.\n"
    "Holidaymakers who had slept on deck were brought to a school on the quay, where volunteers handed out blankets "
    "and soup. The mayor of Ostholm thanked the crews of the fishing boats that had come first.\n"
    "Shipowners had already lost trade to the closed road. An attack on the Tolvane customs post in Brennick on March "
    "2 killed eight people.",
)
PASSES: list[list[Row]] = [
    [post("five")],
    [RADIO, gazette("At least nine")],
    [COPY, ARMY],  # the copy a day after it was in print
    [gazette("Eight", NOTE, modified_at="2020-03-03T18:00:00Z")],
    [post("eight"), HERALD],  # the Post without a word on it
    [RECALL],
]
