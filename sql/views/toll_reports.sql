-- Grain: a count of an event, with whose words it is and why it does not enter the toll (left_out_reason NULL: it does).
-- figure is the value; a range without one ("10 to 12") enters with its ends alone. independent_origin is that of the
-- passage where the count stands: a copy's own sentences are its publisher's words. speaker is who is named (speakers), else
-- that origin: five outlets that quote one spokesman are one speaker; a witness is one for each origin that tells of him. What
-- an article has somebody say is his in its title too, and where it repeats the figure without him. set_aside: an analyst
-- left it out. is_one_side: it counts militants or attackers alone, where another report counts people, and no report of
-- people has its figure: no toll of everyone, though it is what its article says (article_tolls).
-- A table in the publication, by event_id, kind, count_id; per event.
CREATE OR REPLACE VIEW toll_reports AS
FROM toll_reports_as_of('infinity', 'seen');
