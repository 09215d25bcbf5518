"""Who a speaker is: one person or body under the several wordings that the articles of an event have for it.

A surname is the one person of that surname whom its article names in full, else its event; two persons of one surname
stay apart. Who speaks for a body is the body. An outlet has the name that its own words count under (origins.py): the
lexicon's, else its own without "The". A bare body ("the police", "the ministry") is the one that the event's articles
name more fully, where all that they name so are one. The order of rows plays no part in any of it.
"""

import hashlib

import duckdb
import polars as pl

from flows.lexicon import lexicon
from flows.warehouse.file import hash_pieces
from flows.warehouse.schema import meta, set_meta

WORDED = """
INSERT INTO worded
SELECT event_id, article_id, attributed_to, attributed_role, attributed_org, actor_type
FROM counts_history
WHERE event_id IS NOT NULL AND attributed_to IS NOT NULL AND hash(article_id) % $n_pieces = $piece
"""
# Of events with something new, and of those whose counts another event has now.
TOUCHED = """
INSERT INTO changed_events
WITH said AS (
  SELECT DISTINCT event_id, article_id, attributed_to FROM worded WHERE hash(event_id) % $n_pieces = $piece
),
known AS (SELECT event_id, article_id, attributed_to FROM speakers WHERE hash(event_id) % $n_pieces = $piece)
SELECT event_id FROM (FROM said EXCEPT FROM known)
UNION SELECT event_id FROM (FROM known EXCEPT FROM said)
UNION SELECT event_id FROM said WHERE article_id IN (SELECT article_id FROM fresh) OR $all
"""
SOME = """
CREATE OR REPLACE TEMP TABLE touched_events AS
FROM changed_events WHERE hash(event_id) % $n_pieces = $piece
"""
AT_ONCE = 100_000  # articles whose counts, or events whose speakers are in mind
SAID = """
CREATE OR REPLACE TEMP TABLE said AS
SELECT
  event_id,
  article_id,
  attributed_to,
  max(attributed_role) FILTER (
    attributed_role <> attributed_to AND regexp_matches(attributed_role, '(?i)\\bspokes\\w+')
  ) AS spokes_role,
  max(attributed_org) AS org,
  coalesce(bool_or(attributed_role = attributed_to), false) AS is_role,
  max(actor_type) AS actor_type
FROM worded
WHERE event_id IN (FROM touched_events)
GROUP BY event_id, article_id, attributed_to
"""
# A text as a name: its words in order; as an office: those that say something, in the order of the alphabet.
FOLDED = """
CREATE OR REPLACE TEMP TABLE folded AS
WITH texts AS (
  SELECT attributed_to AS text FROM said
  UNION SELECT org FROM said WHERE spokes_role IS NOT NULL AND org IS NOT NULL
  UNION SELECT spokes_role FROM said WHERE spokes_role IS NOT NULL
),
parted AS (
  SELECT text, regexp_extract_all(
    regexp_replace(regexp_replace(lower(text), '[’'']s\\b', '', 'g'), '^the ', ''), '[\\p{L}\\p{N}][\\p{L}\\p{N}’''-]*'
  ) AS words
  FROM texts
),
words AS (SELECT text, unnest(words) AS word, generate_subscripts(words, 1) AS place FROM parted)
SELECT
  w.text,
  list(w.word ORDER BY w.place) FILTER (
    k.kind IS DISTINCT FROM 'honorific' AND w.word NOT IN ('jr', 'sr', 'ii', 'iii')
  ) AS name,
  coalesce(
    list_sort(list(DISTINCT coalesce(k.stands_for, w.word)) FILTER (
      k.kind IS NULL OR k.kind IN ('body', 'country', 'apart')
    )),
    list_sort(list(DISTINCT w.word))
  ) AS office,
  coalesce(bool_or(k.kind IN ('body', 'kept')) AND NOT coalesce(bool_or(k.kind = 'apart'), false), false) AS is_body
FROM words AS w LEFT JOIN speaker_words AS k USING (word)
GROUP BY w.text
"""
# outlet: one that the lexicon knows. is_person: a name, its role told beside it if at all. office: what a body comes
# to, or the body that a person speaks for by his role. is_nobody: a witness, sources.
READ = """
CREATE OR REPLACE TEMP TABLE read_speakers AS
WITH named AS (
  SELECT lower(alias) AS alias, min(actor) AS actor
  FROM (SELECT actor, unnest(aliases) AS alias FROM actors UNION SELECT actor, actor FROM actors)
  GROUP BY lower(alias)
),
press AS (
  SELECT regexp_replace(name, '^the ', '') AS name, min(outlet) AS outlet FROM outlets GROUP BY ALL
),
read AS (
  SELECT
    s.*, f.name, f.office, f.is_body, coalesce(n.actor, o.actor) AS actor,
    CASE WHEN n.actor IS NULL AND NOT s.is_role THEN p.outlet END AS outlet,
    coalesce(n.actor, p.outlet) IS NULL AND NOT s.is_role AND NOT f.is_body AND f.name IS NOT NULL
      AND regexp_full_match(
      s.attributed_to,
      '\\p{Lu}[\\p{L}.’''-]*( (\\p{Lu}[\\p{L}.’''-]*|de|der|van|von|da|dos|bin|ben|ibn|al|el)){0,4}'
    ) AS is_person
  FROM said AS s
  JOIN folded AS f ON f.text = s.attributed_to
  LEFT JOIN named AS n ON n.alias = lower(s.attributed_to)
  LEFT JOIN named AS o ON o.alias = lower(s.org)
  LEFT JOIN press AS p ON p.name = regexp_replace(lower(s.attributed_to), '^the ', '')
)
SELECT
  r.event_id, r.article_id, r.attributed_to, r.is_person, r.outlet,
  CASE WHEN r.is_person THEN r.name[-1] END AS surname,
  CASE WHEN r.is_person AND len(r.name) > 1 THEN r.name[1] END AS given,
  CASE
    WHEN r.is_person AND r.spokes_role IS NULL THEN NULL
    WHEN r.outlet IS NOT NULL THEN ['the outlet ' || r.outlet]
    WHEN r.actor IS NOT NULL THEN ['the actor ' || r.actor]
    WHEN r.is_person THEN b.office
    ELSE r.office
  END AS office,
  coalesce(r.actor, r.outlet) IS NULL
    AND CASE WHEN r.is_person THEN coalesce(b.is_body, false) ELSE r.is_body END AS is_body,
  NOT r.is_person AND coalesce(r.actor, r.outlet) IS NULL AND NOT r.is_body
    AND coalesce(r.actor_type, 'other') IN ('witness', 'other')
    AND (r.is_role OR regexp_matches(r.attributed_to, '^\\p{Ll}')) AS is_nobody
FROM read AS r
LEFT JOIN folded AS b ON b.text = CASE WHEN r.spokes_role IS NOT NULL THEN coalesce(r.org, r.spokes_role) END
"""
PERSONS = """
CREATE OR REPLACE TEMP TABLE persons AS
WITH full_names AS (
  SELECT DISTINCT event_id, article_id, surname, given FROM read_speakers WHERE len(given) > 1
),
namesakes AS (
  SELECT
    w.event_id, w.article_id, w.attributed_to, w.surname, w.given, f.article_id = w.article_id AS is_own,
    CASE WHEN w.given IS NULL OR starts_with(f.given, w.given) THEN f.given END AS full_given
  FROM read_speakers AS w
  LEFT JOIN full_names AS f ON f.event_id = w.event_id AND f.surname = w.surname
  WHERE w.is_person
)
SELECT
  event_id, article_id, attributed_to,
  surname || ', ' || coalesce(
    CASE WHEN len(given) > 1 THEN given END,
    CASE WHEN count(DISTINCT full_given) FILTER (is_own) = 1 THEN min(full_given) FILTER (is_own) END,
    CASE WHEN count(DISTINCT full_given) = 1 THEN min(full_given) END,
    given,
    ''
  ) AS person
FROM namesakes
GROUP BY event_id, article_id, attributed_to, surname, given
"""
# The fullest office that has all the words of a body's, where every fuller one's words are among its own.
BODIES = """
CREATE OR REPLACE TEMP TABLE bodies AS
WITH offices AS (SELECT DISTINCT event_id, office FROM read_speakers WHERE is_body AND office IS NOT NULL),
fuller AS (
  SELECT o.event_id, o.office, p.office AS other
  FROM offices AS o
  JOIN offices AS p ON p.event_id = o.event_id AND len(p.office) > len(o.office) AND list_has_all(p.office, o.office)
),
fullest AS (
  SELECT event_id, office, arg_max(other, (len(other), other)) AS other FROM fuller GROUP BY event_id, office
)
SELECT f.event_id, f.office, any_value(t.other) AS other
FROM fuller AS f JOIN fullest AS t ON t.event_id = f.event_id AND t.office = f.office
GROUP BY f.event_id, f.office
HAVING bool_and(list_has_all(t.other, f.other))
"""
SETTLED = """
INSERT INTO speakers BY NAME
WITH settled AS (
  SELECT w.*, p.person, coalesce(b.other, w.office) AS fullest
  FROM read_speakers AS w
  LEFT JOIN persons AS p USING (event_id, article_id, attributed_to)
  LEFT JOIN bodies AS b ON b.event_id = w.event_id AND b.office = w.office
),
spoken_for AS (
  SELECT event_id, person, min(fullest) AS fullest
  FROM settled
  WHERE is_person AND fullest IS NOT NULL
  GROUP BY event_id, person
  HAVING count(DISTINCT fullest) = 1
),
keyed AS (
  SELECT
    s.event_id, s.article_id, s.attributed_to, s.is_person, s.is_nobody, s.outlet,
    CASE
      WHEN s.is_nobody THEN s.attributed_to
      WHEN s.is_person THEN coalesce(array_to_string(o.fullest, ' '), s.person)
      ELSE array_to_string(s.fullest, ' ')
    END AS key
  FROM settled AS s LEFT JOIN spoken_for AS o ON o.event_id = s.event_id AND o.person = s.person
)
SELECT event_id, article_id, attributed_to, is_nobody,
  coalesce(outlet, regexp_replace(first_value(attributed_to) OVER (PARTITION BY event_id, is_nobody, key
    ORDER BY is_person DESC, length(attributed_to) DESC, attributed_to), '^[Tt]he ', '')) AS speaker
FROM keyed
"""
STEPS = (SAID, FOLDED, READ, PERSONS, BODIES, "DELETE FROM speakers WHERE event_id IN (FROM touched_events)", SETTLED)


def settle_speakers(con: duckdb.DuckDBPyConnection) -> None:
    """Write anew the speakers of the events that have something new; of all of them where the rules are others. Some
    AT_ONCE at a time.

    The temporary table `fresh`, where it stands, names the articles with something new.
    """
    con.execute("CREATE TEMP TABLE IF NOT EXISTS fresh (article_id VARCHAR)")
    words = speaker_words()
    version = hashlib.sha256("".join((TOUCHED, *STEPS, words.write_csv())).encode()).hexdigest()[:10]
    con.register("speaker_words", words)
    is_all = meta(con, "speakers_version") != version
    con.execute("CREATE OR REPLACE TEMP TABLE changed_events (event_id VARCHAR)")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE worded AS SELECT event_id, article_id, attributed_to, attributed_role, "
        "attributed_org, actor_type FROM counts_history LIMIT 0"
    )
    for pieces in hash_pieces(con, "current_revisions", AT_ONCE):
        con.execute(WORDED, pieces)
    for pieces in hash_pieces(con, "worded", AT_ONCE):
        con.execute(TOUCHED, pieces | {"all": is_all})
    for pieces in hash_pieces(con, "changed_events", AT_ONCE):
        con.execute(SOME, pieces)
        for step in STEPS:
            con.execute(step)
    con.unregister("speaker_words")
    set_meta(con, "speakers_version", version)


def speaker_words() -> pl.DataFrame:
    """`word`, `kind`, `stands_for`: single words that tell speakers apart; countries and their peoples as ISO codes."""
    roles = lexicon("roles").filter(pl.col("tag").is_in(["body", "honorific"]))
    named = lexicon("place_names").filter(pl.col("kind") == "demonym").select("alias", "country")
    countries = lexicon("places").filter(pl.col("kind") == "country").select(alias="name", country="country")
    words = pl.concat(
        [
            lexicon("speaker_words").select("word", "kind", "stands_for"),
            roles.select(word=pl.col("noun").str.strip_suffix("."), kind="tag", stands_for=pl.lit(None, pl.String)),
            pl.concat([named, countries]).select(word="alias", kind=pl.lit("country"), stands_for="country"),
        ]
    ).with_columns(pl.col("word").str.to_lowercase())
    single = words.filter(pl.col("word").str.contains(r"^\p{L}+$"))
    return single.unique("word", keep="first", maintain_order=True)
