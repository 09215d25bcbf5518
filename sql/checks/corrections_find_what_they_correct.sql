-- warn: every correction finds its fact, event or source; of one that does not, `newsledger correct undo` takes it back
SELECT correction_id, action, target, article_id, why FROM corrections WHERE state = 'lost' ORDER BY correction_no;
