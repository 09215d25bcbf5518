-- warn: a source fails, is empty or has fallen silent
SELECT source_name, wrong FROM source_health WHERE wrong IS NOT NULL ORDER BY source_name;
