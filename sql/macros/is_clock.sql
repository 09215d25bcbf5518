-- Whether a time and a clock can be asked for; an error says what is wrong with them.
CREATE OR REPLACE MACRO is_clock(t, clock) AS
CASE
  WHEN t::TIMESTAMPTZ IS NULL THEN error('tolls_as_of(t, clock): t is NULL; name a time')
  WHEN clock IN ('seen', 'published') THEN true
  ELSE error('tolls_as_of(t, clock): the clock is ''seen'' or ''published'', not ' || coalesce('''' || clock || '''', 'NULL'))
END;
