-- What the rules were: a row a version and part (a lexicon, a module), and the lexicons' texts, each once.
CREATE TABLE IF NOT EXISTS rules (rules_version VARCHAR NOT NULL, part VARCHAR NOT NULL, sha256 VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS rule_texts (sha256 VARCHAR PRIMARY KEY, text VARCHAR NOT NULL);
