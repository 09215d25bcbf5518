"""Charts as Vega-Lite specifications, with their data in them; colours are the reader's (static/charts.js).

Each stands beside a table that says the same. Text in them is drawn on a canvas: it is never markup.
"""

import json
import math
from collections.abc import Sequence

from flows.dashboard.render import Data, visible_text
from flows.report.words import clipped, figure
from flows.warehouse.read import Row

ROWS = 40  # a chart of more is no picture; the table has all
LABELLED = 8  # places whose names stand on the map
LETTER = 6.5  # pixels, of a name on the map
SHAPES = {"at_least": "triangle-right", "more_than": "triangle-right", "up_to": "triangle-left", "about": "diamond"}
MAP = (520, 300)  # pixels


def chart_of_reports(toll: Data) -> str | None:
    """Each report of a toll as a mark on one scale, a row for each who says it; NULL where there is nothing to
    compare."""
    marks = [_mark(row) for row in toll["reports"]]
    says = list(dict.fromkeys(mark["who"] for mark in marks))
    if len(marks) < 2 or len(says) > ROWS or not toll["most"]:
        return None
    x = {
        "type": "quantitative",
        "title": None,
        "axis": {"tickMinStep": 1, "format": ",d"},
        "scale": {"zero": False, "nice": True, "padding": 12},
    }
    who = {"field": "who", "type": "nominal", "title": None, "sort": says, "axis": {"labelLimit": 210}}
    layers: list[Data] = []
    if toll["low"] is not None and toll["high"] is not None:
        span = {"low": toll["low"], "high": toll["high"], "best": toll["best"]}
        layers.append(
            {
                "data": {"values": [span]},
                "mark": {"type": "rect", "style": "span"},
                "encoding": {"x": {"field": "low"} | x, "x2": {"field": "high"}},
            }
        )
        if toll["best"] is not None:
            layers.append(
                {
                    "data": {"values": [span]},
                    "mark": {"type": "rule", "style": "best"},
                    "encoding": {"x": {"field": "best"} | x},
                }
            )
    if ranges := [mark for mark in marks if mark["figure"] is None and mark["high"] is not None]:
        layers.append(
            {
                "data": {"values": ranges},
                "mark": {"type": "rule", "style": "range"},
                "encoding": {"x": {"field": "low"} | x, "x2": {"field": "high"}, "y": who},
            }
        )
    layers += [
        {
            "data": {"values": [mark for mark in marks if mark["figure"] is not None]},
            "mark": {"type": "point", "style": "report", "filled": True, "size": 80},
            "encoding": {
                "x": {"field": "figure"} | x,
                "y": who,
                "shape": {"field": "shape", "type": "nominal", "scale": None},
                "tooltip": {"field": "told", "type": "nominal"},
            },
        },
    ]
    return _told({"height": 24 * len(says), "layer": layers})


def _mark(row: Row) -> Data:
    who = visible_text(row["attributed_to"] or row["outlet"])
    return {
        "who": clipped(who, 34),
        "figure": row["figure"],
        "low": row["low"],
        "high": row["high"],
        "shape": SHAPES.get(row["modifier"], "circle"),
        "told": f"{figure(row['figure'], row['modifier'], row['low'], row['high'])}: {who}",
    }


def chart_of_steps(kind: str, steps: Sequence[Row]) -> str | None:
    """How a toll of one kind grew on a clock: the span from low to high and best, as steps; NULL where it never
    changed."""
    known = [row for row in steps if row["low"] is not None]
    if len({(row["low"], row["best"], row["high"]) for row in known}) < 2:
        return None
    values = [
        {"at": f"{row['at']:%Y-%m-%dT%H:%M:%SZ}"} | {name: row[name] for name in ("low", "best", "high")}
        for row in known
    ]
    at = {"field": "at", "type": "temporal", "title": None, "scale": {"type": "utc"}}
    y = {
        "type": "quantitative",
        "title": kind.replace("_", " "),
        "axis": {"tickMinStep": 1, "format": ",d"},
        "scale": {"zero": False},
    }
    return _told(
        {
            "height": 150,
            "data": {"values": values},
            "layer": [
                {
                    "mark": {"type": "area", "style": "span", "interpolate": "step-after"},
                    "encoding": {"x": at, "y": {"field": "low"} | y, "y2": {"field": "high"}},
                },
                {
                    "mark": {
                        "type": "line",
                        "style": "best",
                        "interpolate": "step-after",
                        "point": {"style": "report"},
                    },
                    "encoding": {"x": at, "y": {"field": "best"} | y},
                },
            ],
        }
    )


def chart_of_days(days: Sequence[Row]) -> str | None:
    """New articles a day against what is usual; NULL where there are fewer than two days."""
    if len(days) < 2:
        return None
    values = [
        {"day": f"{row['day']}T00:00:00Z"} | {name: row[name] for name in ("n_new", "usual_new", "low", "high")}
        for row in days
    ]
    axis = {"tickMinStep": 86_400_000, "format": "%d %b", "grid": False}
    x = {"field": "day", "type": "temporal", "title": None, "scale": {"type": "utc"}, "axis": axis}
    y = {"type": "quantitative", "title": "new articles", "axis": {"tickMinStep": 1, "format": ",d"}}
    new = {"mark": {"type": "bar", "style": "report", "width": 5}, "encoding": {"x": x, "y": {"field": "n_new"} | y}}
    layers: list[Data] = [new]
    known = [value for value in values if value["usual_new"] is not None]
    if known:
        span = {"x": x, "y": {"field": "low"} | y, "y2": {"field": "high"}}
        usual = {"x": x, "y": {"field": "usual_new"} | y}
        layers = [
            {"data": {"values": known}, "mark": {"type": "area", "style": "span"}, "encoding": span},
            new,
            {"data": {"values": known}, "mark": {"type": "line", "style": "best"}, "encoding": usual},
        ]
    return _told({"height": 150, "data": {"values": values}, "layer": layers})


def map_of(places: Sequence[Row]) -> str | None:
    """The places on a map that shows all of them and some of the land around; NULL where there is none."""
    if not places:
        return None
    width, height = MAP
    lons, lats = [row["lon"] for row in places], [row["lat"] for row in places]
    middle = [(min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2]
    across = max(max(lons) - min(lons), 12) * 1.35
    upright = max(max(lats) - min(lats), 8) * 1.5
    scale = min(width / math.radians(across), height / math.radians(upright), 2_000)
    points = [
        {
            "place": clipped(visible_text(row["place"]), 30),
            "lat": row["lat"],
            "lon": row["lon"],
            "articles": row["n_articles"],
        }
        for row in places
    ]
    _name_some(points, middle, scale)
    where = {
        "longitude": {"field": "lon", "type": "quantitative"},
        "latitude": {"field": "lat", "type": "quantitative"},
    }
    return _told(
        {
            "width": width,
            "height": height,
            "projection": {
                "type": "equirectangular",
                "center": middle,
                "scale": scale,
                "translate": [width / 2, height / 2],
            },
            "layer": [
                {
                    "data": {"url": "/static/world.json", "format": {"type": "topojson", "feature": "countries"}},
                    "mark": {"type": "geoshape", "style": "land", "clip": True},
                },
                {
                    "data": {"values": points},
                    "mark": {"type": "circle", "style": "place", "opacity": 0.75},
                    "encoding": where
                    | {
                        "size": {
                            "field": "articles",
                            "type": "quantitative",
                            "legend": None,
                            "scale": {"range": [40, 400]},
                        },
                        "tooltip": {"field": "place", "type": "nominal"},
                    },
                },
                {
                    "data": {"values": points},
                    "mark": {"type": "text", "style": "name", "dy": -11},
                    "encoding": where | {"text": {"field": "name", "type": "nominal"}},
                },
            ],
        }
    )


def _told(spec: Data) -> str:
    return json.dumps(spec, separators=(",", ":"))


def _name_some(points: list[Row], middle: Sequence[float], scale: float) -> None:
    """Add `name`, what stands over a point: of the first ones those names that neither cover one another nor leave the
    map; the table beside it names all."""
    width, _ = MAP
    taken: list[tuple[float, float, float]] = []
    for point in points:
        point["name"] = ""
        half = len(point["place"]) * LETTER / 2
        x = width / 2 + scale * math.radians(point["lon"] - middle[0])
        y = scale * math.radians(middle[1] - point["lat"])
        is_free = all(abs(x - other) > half + its_half or abs(y - high) > 2 * LETTER for other, high, its_half in taken)
        if len(taken) < LABELLED and is_free and half < x < width - half:
            point["name"] = point["place"]
            taken.append((x, y, half))
