-- Grain: a distinct figure that somebody states for an event's whole toll of a kind, with how well it is supported. Only
-- where nobody states one do derived figures stand here (is_derived), without a count to point at.
-- count_id: the report that stands for it, an exact one first; official_count_id: of officials' reports the last in print.
-- A table in the publication, by event_id, kind, figure; per event.
CREATE OR REPLACE VIEW toll_figures AS
FROM toll_figures_as_of('infinity', 'seen');
