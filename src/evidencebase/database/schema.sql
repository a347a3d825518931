-- The database of a knowledge base. Columns are described in the base's metadata.yml.
CREATE TABLE build (
  name TEXT PRIMARY KEY,
  value TEXT
);
CREATE TABLE sources (
  key TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  title TEXT,
  authors TEXT,
  year TEXT,
  publisher TEXT,
  doi TEXT,
  url TEXT,
  bibtex TEXT,
  csl_json TEXT
);
CREATE TABLE documents (
  key TEXT PRIMARY KEY,
  title TEXT,
  source TEXT REFERENCES sources(key),
  url TEXT,
  licence TEXT,
  media_type TEXT,
  sha256 TEXT,
  retracted TEXT
);
CREATE TABLE places (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  code TEXT,
  vintage TEXT,
  type TEXT NOT NULL,
  broader TEXT,
  excludes TEXT,
  notes TEXT
);
CREATE TABLE groups (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  universe TEXT NOT NULL,
  age_min INTEGER,
  age_max INTEGER,
  sex TEXT,
  condition TEXT,
  broader TEXT,
  protected_characteristics TEXT,
  labels_as_published TEXT,
  notes TEXT
);
CREATE TABLE measures (
  id TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  construct TEXT NOT NULL,
  instrument TEXT,
  question TEXT,
  response_options TEXT,
  options_counted TEXT,
  recall TEXT,
  unit TEXT NOT NULL,
  polarity TEXT NOT NULL,
  complement_of TEXT REFERENCES measures(id) DEFERRABLE INITIALLY DEFERRED,
  comparable_with TEXT,
  phrase TEXT NOT NULL,
  notes TEXT
);
CREATE TABLE studies (
  key TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  source TEXT REFERENCES sources(key),
  design TEXT NOT NULL,
  ages TEXT,
  place TEXT REFERENCES places(id),
  setting TEXT,
  mode TEXT,
  fieldwork TEXT,
  weighted INTEGER,
  n INTEGER,
  supersedes TEXT REFERENCES studies(key) DEFERRABLE INITIALLY DEFERRED,
  strength TEXT NOT NULL,
  strength_reason TEXT,
  alternative TEXT,
  alternative_because TEXT,
  retracted TEXT,
  caveats TEXT,
  status TEXT NOT NULL
);
CREATE TABLE appraisals (
  id INTEGER PRIMARY KEY,
  study TEXT NOT NULL REFERENCES studies(key),
  field TEXT NOT NULL,
  value TEXT,
  kind TEXT,
  basis TEXT
);
CREATE TABLE findings (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  statistic TEXT NOT NULL,
  measure TEXT NOT NULL REFERENCES measures(id),
  "group" TEXT REFERENCES groups(id),
  place TEXT REFERENCES places(id),
  period TEXT,
  value REAL,
  value_text TEXT,
  low REAL,
  high REAL,
  unit TEXT,
  qualifier TEXT,
  n INTEGER,
  weighted INTEGER,
  interval_lower REAL,
  interval_upper REAL,
  interval_confidence REAL,
  interval_method TEXT,
  precision TEXT NOT NULL,
  comparator_group TEXT REFERENCES groups(id),
  comparator_outcome TEXT,
  comparator_adjusted_for TEXT,
  comparator_horizon TEXT,
  comparator_price_year TEXT,
  study TEXT REFERENCES studies(key),
  document TEXT REFERENCES documents(key),
  strength TEXT,
  attribution TEXT NOT NULL,
  credited_as TEXT,
  attribution_reason TEXT,
  secondary INTEGER NOT NULL,
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE findings_readable (
  id TEXT PRIMARY KEY REFERENCES findings(id),
  statement TEXT NOT NULL,
  figure TEXT NOT NULL,
  value REAL,
  "group" TEXT,
  measure TEXT NOT NULL,
  place TEXT,
  period TEXT,
  strength TEXT,
  strength_rank INTEGER NOT NULL,
  precision TEXT NOT NULL,
  study TEXT,
  document TEXT,
  passage TEXT,
  caveats TEXT
);
CREATE TABLE claims (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  kind TEXT NOT NULL,
  measure TEXT REFERENCES measures(id),
  "group" TEXT REFERENCES groups(id),
  than TEXT REFERENCES groups(id),
  place TEXT REFERENCES places(id),
  period TEXT,
  direction TEXT,
  significance TEXT NOT NULL,
  adjusted_for TEXT,
  study TEXT REFERENCES studies(key),
  document TEXT REFERENCES documents(key),
  strength TEXT,
  attribution TEXT NOT NULL,
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE populations (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  "group" TEXT NOT NULL REFERENCES groups(id),
  place TEXT REFERENCES places(id),
  period TEXT,
  unit TEXT NOT NULL,
  value REAL NOT NULL,
  value_text TEXT NOT NULL,
  qualifier TEXT,
  definition TEXT,
  includes TEXT,
  excludes TEXT,
  parts TEXT,
  study TEXT REFERENCES studies(key),
  document TEXT REFERENCES documents(key),
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE estimates (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  finding TEXT REFERENCES findings(id),
  population TEXT REFERENCES populations(id),
  measure TEXT REFERENCES measures(id),
  "group" TEXT REFERENCES groups(id),
  place TEXT REFERENCES places(id),
  period TEXT,
  unit TEXT,
  published REAL,
  published_text TEXT,
  recomputed REAL,
  parts TEXT,
  override TEXT,
  strength TEXT,
  document TEXT REFERENCES documents(key),
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE conclusions (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  "group" TEXT NOT NULL REFERENCES groups(id),
  measure TEXT NOT NULL REFERENCES measures(id),
  direction TEXT NOT NULL,
  place TEXT REFERENCES places(id),
  document TEXT REFERENCES documents(key),
  certainty TEXT NOT NULL,
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE conclusion_support (
  id INTEGER PRIMARY KEY,
  conclusion TEXT NOT NULL REFERENCES conclusions(id),
  role TEXT NOT NULL,
  record_type TEXT NOT NULL,
  record_id TEXT NOT NULL
);
CREATE TABLE certainty (
  id INTEGER PRIMARY KEY,
  conclusion TEXT NOT NULL REFERENCES conclusions(id),
  domain TEXT NOT NULL,
  rating TEXT NOT NULL,
  reason TEXT
);
CREATE TABLE responses (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  place TEXT REFERENCES places(id),
  period TEXT,
  provider TEXT,
  effectiveness TEXT NOT NULL,
  document TEXT REFERENCES documents(key),
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE response_groups (
  id INTEGER PRIMARY KEY,
  response TEXT NOT NULL REFERENCES responses(id),
  "group" TEXT NOT NULL REFERENCES groups(id)
);
CREATE TABLE indicators (
  id TEXT PRIMARY KEY,
  statement TEXT NOT NULL,
  measure TEXT NOT NULL REFERENCES measures(id),
  "group" TEXT REFERENCES groups(id),
  place TEXT REFERENCES places(id),
  finding TEXT REFERENCES findings(id),
  data_set TEXT NOT NULL,
  next_release TEXT,
  next_release_as_published TEXT,
  document TEXT REFERENCES documents(key),
  caveats TEXT,
  status TEXT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE anchors (
  id INTEGER PRIMARY KEY,
  record_type TEXT NOT NULL,
  record_id TEXT NOT NULL,
  path TEXT NOT NULL,
  document TEXT NOT NULL REFERENCES documents(key),
  locator TEXT,
  fragment TEXT,
  prefix TEXT,
  suffix TEXT,
  table_name TEXT,
  table_row TEXT,
  table_column TEXT,
  state TEXT NOT NULL,
  line INTEGER,
  page INTEGER,
  rendition TEXT
);
CREATE TABLE figures (
  id INTEGER PRIMARY KEY,
  record_type TEXT NOT NULL,
  record_id TEXT NOT NULL,
  field TEXT NOT NULL,
  document TEXT NOT NULL REFERENCES documents(key),
  locator TEXT,
  fragment TEXT,
  value REAL,
  value_text TEXT,
  low REAL,
  high REAL,
  unit TEXT,
  measure TEXT REFERENCES measures(id),
  "group" TEXT REFERENCES groups(id),
  place TEXT REFERENCES places(id),
  period TEXT,
  study TEXT REFERENCES studies(key),
  strength TEXT,
  state TEXT NOT NULL
);
CREATE TABLE links (
  id INTEGER PRIMARY KEY,
  from_type TEXT NOT NULL,
  from_id TEXT NOT NULL,
  type TEXT NOT NULL,
  to_type TEXT NOT NULL,
  to_id TEXT NOT NULL,
  because TEXT
);
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  record_id TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  reviewed_on TEXT NOT NULL,
  verdict TEXT NOT NULL,
  value_text TEXT,
  note TEXT,
  digest TEXT NOT NULL
);
CREATE TABLE tombstones (
  record_id TEXT PRIMARY KEY,
  record_type TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT
);
CREATE TABLE set_asides (
  id INTEGER PRIMARY KEY,
  document TEXT NOT NULL REFERENCES documents(key),
  fragment TEXT NOT NULL,
  number TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE TABLE coverage (
  document TEXT PRIMARY KEY REFERENCES documents(key),
  figures INTEGER NOT NULL,
  anchored INTEGER NOT NULL,
  set_aside INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  set_aside_by_reason TEXT
);
CREATE TABLE problems (
  id INTEGER PRIMARY KEY,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  record_id TEXT,
  message TEXT NOT NULL,
  hint TEXT NOT NULL,
  path TEXT,
  line INTEGER
);
