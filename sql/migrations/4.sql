-- Schema 4: who is counted singly, and what comes on top of others; where an article's event is.
ALTER TABLE stated_counts ADD COLUMN victim VARCHAR;
ALTER TABLE stated_counts ADD COLUMN age INTEGER;
ALTER TABLE stated_counts ADD COLUMN is_more BOOLEAN;
ALTER TABLE stated_counts ADD COLUMN victim_no INTEGER;
ALTER TABLE stated_counts ADD COLUMN list_no INTEGER;
ALTER TABLE local_events ADD COLUMN country VARCHAR;
ALTER TABLE local_events ADD COLUMN lat DOUBLE;
ALTER TABLE local_events ADD COLUMN lon DOUBLE;
ALTER TABLE local_events ADD COLUMN where_precision VARCHAR;
