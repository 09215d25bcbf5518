-- Grain: a count of an event, with whose words it is and why it does not enter the toll (left_out_reason NULL: it does).
-- figure is the value; a range without one ("10 to 12") enters with its ends alone. speaker is who is named, else the
-- article's own origin: five outlets that quote one spokesman are one speaker.
CREATE OR REPLACE VIEW toll_reports AS
FROM toll_reports_as_of('infinity', 'seen');
