-- One row a cause to tell somebody of, raised with the publication that shows it, whether or not anybody is to be told. A
-- condition (source, check, run, conflict) is raised when it begins and not again until it has ended; a toll that changed
-- once a publication; a watch once an event. An event that became another one (event_aliases) is that one.
CREATE TABLE IF NOT EXISTS alerts (
  alert_id VARCHAR PRIMARY KEY,
  about VARCHAR NOT NULL, -- source | check | run | toll | conflict | watch
  subject VARCHAR NOT NULL, -- the source's name; the check's; 'run'; the kinds of the toll; the kind of it; the watch's name
  event_id VARCHAR, -- NULL: of no event
  title VARCHAR NOT NULL, text VARCHAR NOT NULL,
  raised_at TIMESTAMPTZ NOT NULL, run_id VARCHAR NOT NULL,
  ended_at TIMESTAMPTZ, -- NULL: it holds, or it is no condition
  state VARCHAR -- NULL: nobody was told yet; passed on | nobody to tell | not chosen | stood before |
    -- nothing to tell | over | unknown
);
-- One row an alert and an address that it goes to. The address is named by its service and host: it may hold secrets.
CREATE TABLE IF NOT EXISTS alert_deliveries (
  alert_id VARCHAR NOT NULL, receiver VARCHAR NOT NULL,
  outcome VARCHAR NOT NULL, -- waiting | trying | sent | refused (tried again) | given up | over | unknown
  n_tries INTEGER NOT NULL, tried_at TIMESTAMPTZ, detail VARCHAR,
  PRIMARY KEY (alert_id, receiver)
);
