-- fail: for every fact, text[char_start + 1 : char_end] is inside its evidence, and the evidence is where it says
-- per article
SELECT fact_id, phrase, evidence
FROM evidence
WHERE phrase IS NULL OR phrase = '' OR NOT contains(evidence, phrase)
  OR char_start < evidence_start OR char_end > evidence_start + length(evidence);
