-- Schema 3: a block that was taken out before the text had lines has no line number.
ALTER TABLE removed_history ALTER COLUMN line_no DROP NOT NULL;
