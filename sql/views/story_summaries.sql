-- Grain: a story as a list shows it: what it comes to, its main event (that which most of its articles are about) with one
-- toll of the policy independent (killed, else casualties, else wounded, else the kind that most articles report), and
-- lists of what it can be found by. Event and toll are NULL where no article is about an event, or none has a figure.
-- A table in the publication, by story_id; per story.
CREATE OR REPLACE VIEW story_summaries AS
WITH about AS (
  SELECT t.story_id, t.event_id, count(*) AS n_about
  FROM told_events AS t JOIN current_revisions USING (article_id, revision)
  WHERE t.is_main
  GROUP BY t.story_id, t.event_id
),
main_events AS (
  SELECT a.story_id, e.*
  FROM about AS a JOIN events AS e USING (event_id)
  QUALIFY row_number() OVER (PARTITION BY a.story_id ORDER BY a.n_about DESC, e.n_articles DESC, event_id) = 1
),
shown_tolls AS (
  FROM event_tolls
  WHERE policy = 'independent' AND low IS NOT NULL
  QUALIFY row_number() OVER (
    PARTITION BY event_id
    ORDER BY coalesce(list_position(['killed', 'casualties', 'wounded'], kind), 9), n_articles DESC, kind
  ) = 1
),
conflicts AS (
  SELECT DISTINCT event_id, kind FROM disagreements WHERE is_conflict
),
happened AS (
  SELECT
    a.story_id,
    list(DISTINCT e.place ORDER BY e.place) FILTER (e.place IS NOT NULL) AS places,
    list(DISTINCT e.country ORDER BY e.country) FILTER (e.country IS NOT NULL) AS countries,
    min(e.date_low) AS first_date,
    max(e.date_high) AS last_date
  FROM about AS a JOIN events AS e USING (event_id)
  GROUP BY a.story_id
),
disputed AS (
  SELECT a.story_id, count(*) AS n_conflicts FROM about AS a JOIN conflicts USING (event_id) GROUP BY a.story_id
),
kinds_told AS (
  SELECT a.story_id, e.kind FROM about AS a JOIN events AS e USING (event_id)
  UNION ALL SELECT a.story_id, t.kind FROM about AS a JOIN event_tolls AS t USING (event_id)
),
found_by_kind AS (
  SELECT story_id, list(DISTINCT kind ORDER BY kind) AS kinds FROM kinds_told WHERE kind IS NOT NULL GROUP BY story_id
),
actors_named AS (
  SELECT article_id, actor FROM claims WHERE set_aside IS NULL
  UNION ALL SELECT article_id, coalesce(canonical, name) FROM mentions WHERE type = 'actor'
),
found_by_actor AS (
  SELECT s.story_id, list(DISTINCT n.actor ORDER BY n.actor) AS actors
  FROM story_articles AS s JOIN actors_named AS n USING (article_id)
  GROUP BY s.story_id
)
SELECT
  s.*,
  m.event_id,
  m.kind AS event_kind,
  m.label,
  m.place,
  m.country,
  m.date_low,
  m.date_high,
  t.kind,
  t.low,
  t.best,
  t.high,
  t.best_modifier,
  t.is_open_high,
  t.is_derived,
  coalesce(d.n_conflicts, 0) AS n_conflicts,
  coalesce(h.places, []) AS places,
  coalesce(h.countries, []) AS countries,
  coalesce(k.kinds, []) AS kinds,
  coalesce(a.actors, []) AS actors,
  h.first_date,
  h.last_date
FROM stories AS s
LEFT JOIN main_events AS m USING (story_id)
LEFT JOIN shown_tolls AS t ON t.event_id = m.event_id
LEFT JOIN happened AS h ON h.story_id = s.story_id
LEFT JOIN disputed AS d ON d.story_id = s.story_id
LEFT JOIN found_by_kind AS k ON k.story_id = s.story_id
LEFT JOIN found_by_actor AS a ON a.story_id = s.story_id;
