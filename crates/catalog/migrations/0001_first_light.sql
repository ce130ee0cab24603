-- Ids are UUIDv7 as 16 bytes; times are milliseconds since 1970 by the laptop's clock.

CREATE TABLE event (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    current_ticket BLOB REFERENCES ticket (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE creator (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
    id BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL REFERENCES event (id),
    code TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    UNIQUE (event, code)
) STRICT, WITHOUT ROWID;

-- One press of the shutter. `seq` is the order of arrival and never reused.
CREATE TABLE frame (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    event BLOB NOT NULL REFERENCES event (id),
    creator BLOB NOT NULL REFERENCES creator (id),
    stem TEXT NOT NULL,          -- readable name, unique for event and creator; its files are stem + extension
    source_stem TEXT NOT NULL,   -- upper-case stem as the camera wrote it: the key for pairing
    source_folder TEXT NOT NULL, -- where the camera wrote it: pairs are looked for inside one folder
    ticket BLOB REFERENCES ticket (id),
    seen_at_ms INTEGER NOT NULL,
    captured_local TEXT,
    captured_order_ms INTEGER,
    serial TEXT,
    facts TEXT NOT NULL,         -- model::CaptureFacts as JSON
    preview TEXT NOT NULL DEFAULT 'waiting' CHECK (preview IN ('waiting', 'ready', 'failed')),
    preview_problem TEXT,
    version TEXT,                -- content key of its derivatives
    width_px INTEGER,
    height_px INTEGER,
    thumbhash BLOB,
    UNIQUE (event, creator, stem)
) STRICT;
CREATE INDEX frame_by_event ON frame (event, seq);
CREATE INDEX frame_by_ticket ON frame (ticket, seq) WHERE ticket IS NOT NULL;
CREATE INDEX frame_by_pair ON frame (event, source_stem);
CREATE UNIQUE INDEX frame_by_version ON frame (version) WHERE version IS NOT NULL;

-- A file seen whole at its source, shown already and not yet landed.
CREATE TABLE arrival (
    source_path TEXT NOT NULL PRIMARY KEY,
    frame INTEGER REFERENCES frame (seq),
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'raw', 'sidecar'))
) STRICT, WITHOUT ROWID;
CREATE INDEX arrival_by_frame ON arrival (frame);

-- A file safely on disk. A sidecar may wait for its picture with no frame.
CREATE TABLE original (
    id BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL REFERENCES event (id),
    frame INTEGER REFERENCES frame (seq),
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'raw', 'sidecar')),
    path TEXT NOT NULL UNIQUE,   -- below the originals folder, with forward slashes
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    source_stem TEXT NOT NULL,
    source_folder TEXT NOT NULL,
    landed_at_ms INTEGER NOT NULL,
    UNIQUE (event, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX original_by_frame ON original (frame);

-- Source files that were dealt with, so that a restart does not read 5,000 files again.
CREATE TABLE source_file (
    path TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Files that need a person.
CREATE TABLE attention (
    id BLOB NOT NULL PRIMARY KEY,
    event BLOB NOT NULL REFERENCES event (id),
    source_path TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    problem TEXT NOT NULL,
    safe TEXT NOT NULL,
    next TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    dismissed INTEGER NOT NULL DEFAULT 0 CHECK (dismissed IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Work that survives a crash. One job of a kind for a frame.
CREATE TABLE job (
    frame INTEGER NOT NULL PRIMARY KEY REFERENCES frame (seq) ON DELETE CASCADE,
    priority INTEGER NOT NULL,   -- smaller is sooner; within one priority the newest frame first
    attempts INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0 CHECK (running IN (0, 1)),
    queued_at_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX job_order ON job (running, priority, frame DESC);

CREATE TABLE derivative (
    frame INTEGER NOT NULL REFERENCES frame (seq) ON DELETE CASCADE,
    rung TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    PRIMARY KEY (frame, rung)
) STRICT, WITHOUT ROWID;

CREATE TABLE stage (
    frame INTEGER NOT NULL REFERENCES frame (seq) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (frame, stage)
) STRICT, WITHOUT ROWID;

-- What the contact sheet and the guest's page read.
CREATE VIEW frame_view AS
SELECT
    f.seq, f.id, f.event, f.stem, f.seen_at_ms, f.captured_local, f.facts, f.preview, f.preview_problem, f.version,
    f.width_px, f.height_px, f.thumbhash, f.ticket AS ticket_id, t.code AS ticket, c.name AS creator,
    EXISTS (SELECT 1 FROM original o WHERE o.frame = f.seq AND o.kind <> 'sidecar') AS landed,
    (SELECT group_concat(kind) FROM (
        SELECT kind FROM original WHERE frame = f.seq UNION SELECT kind FROM arrival WHERE frame = f.seq ORDER BY kind
    )) AS kinds
FROM frame f
JOIN creator c ON c.id = f.creator
LEFT JOIN ticket t ON t.id = f.ticket;
