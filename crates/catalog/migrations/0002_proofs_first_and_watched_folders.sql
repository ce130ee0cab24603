-- A job has two parts: first both proofs, which guests wait for; then `large`, which only the operator's loupe asks for.
ALTER TABLE job ADD COLUMN part TEXT NOT NULL DEFAULT 'proofs' CHECK (part IN ('proofs', 'large'));
DROP INDEX job_order;
CREATE INDEX job_order ON job (part, running, priority, frame DESC);

-- Which original has that size: a copy under another name is recognised before it is shown.
CREATE INDEX original_by_size ON original (event, bytes);

-- Folders that the operator chose in the window; they are watched again at the next start.
CREATE TABLE watched_folder (
    path TEXT NOT NULL PRIMARY KEY,
    added_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Names that sidecars have landed under before their picture came: it takes the same name, and no other picture does.
CREATE TABLE sidecar_stem (
    event BLOB NOT NULL REFERENCES event (id),
    creator BLOB NOT NULL REFERENCES creator (id),
    stem TEXT NOT NULL COLLATE NOCASE,
    source_stem TEXT NOT NULL,   -- as in frame
    source_folder TEXT NOT NULL, -- as in frame
    PRIMARY KEY (event, creator, stem)
) STRICT, WITHOUT ROWID;

-- Names that differ in case alone are one name on many disks.
CREATE INDEX frame_by_stem ON frame (event, creator, stem COLLATE NOCASE);
