-- Gives the instant that is asked for; an error says what is wrong with it or with the clock.
CREATE OR REPLACE MACRO asked_time(t, clock) AS
CASE
  WHEN t::TIMESTAMPTZ IS NULL THEN error('tolls_as_of(t, clock): t is NULL; name a time')
  WHEN clock IN ('seen', 'published') THEN t::TIMESTAMPTZ
  ELSE error('tolls_as_of(t, clock): the clock is ''seen'' or ''published'', not ' || coalesce('''' || clock || '''', 'NULL'))
END;
