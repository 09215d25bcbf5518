-- fail: low is not above high, and a value that is not a bare bound lies in its range
-- per article
SELECT count_id, value, low, high, modifier
FROM counts
WHERE low > high OR (modifier IN ('exact', 'about', 'at_least') AND value <> low) OR low < 0;
