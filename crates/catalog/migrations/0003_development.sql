-- A recipe is text that the catalog does not read, under the name of its content. Events, creators, frames and presets
-- share one row for one recipe; rows that nobody names any more go at the next start.
CREATE TABLE recipe (
    hash BLOB NOT NULL PRIMARY KEY,
    json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How an event's raws are developed. Without a recipe nothing is.
ALTER TABLE event ADD COLUMN flow TEXT NOT NULL DEFAULT 'embedded_then_developed'
    CHECK (flow IN ('embedded_then_developed', 'embedded_only', 'developed_only'));
ALTER TABLE event ADD COLUMN device TEXT NOT NULL DEFAULT 'auto' CHECK (device IN ('auto', 'cpu', 'gpu'));
ALTER TABLE event ADD COLUMN recipe BLOB REFERENCES recipe (hash);
-- Its own recipe comes before the creator's, the creator's before the event's.
ALTER TABLE creator ADD COLUMN recipe BLOB REFERENCES recipe (hash);
ALTER TABLE frame ADD COLUMN recipe BLOB REFERENCES recipe (hash);

CREATE TABLE preset (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    creator BLOB REFERENCES creator (id),
    recipe BLOB NOT NULL REFERENCES recipe (hash),
    updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What became of a frame's development. That one waits stands in `job`.
CREATE TABLE development (
    frame INTEGER NOT NULL PRIMARY KEY REFERENCES frame (seq) ON DELETE CASCADE,
    outcome TEXT NOT NULL CHECK (outcome IN ('developed', 'failed', 'undevelopable')),
    reason TEXT,                            -- in plain words, where it was not developed
    tried BLOB REFERENCES recipe (hash),    -- of the last try
    at_ms INTEGER NOT NULL,
    recipe BLOB REFERENCES recipe (hash),   -- of the picture that is shown; null while that is the camera's own
    settled TEXT,                           -- what auto came to in that picture: text that the catalog does not read
    prior INTEGER,                          -- `seq` of the frame of the same burst whose `settled` was handed in
    device TEXT                             -- what developed it
) STRICT, WITHOUT ROWID;
-- What the strip counts once a second.
CREATE INDEX development_failed ON development (frame) WHERE outcome = 'failed';

-- Addresses that phones may still hold; their files go some minutes later.
CREATE TABLE superseded (
    version TEXT NOT NULL PRIMARY KEY,
    frame INTEGER NOT NULL REFERENCES frame (seq) ON DELETE CASCADE,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX superseded_by_frame ON superseded (frame);
CREATE INDEX superseded_by_time ON superseded (at_ms);

-- A third part. `cuts` counts how often the studio ended in the middle of a development.
CREATE TABLE job_of_three (
    frame INTEGER NOT NULL PRIMARY KEY REFERENCES frame (seq) ON DELETE CASCADE,
    priority INTEGER NOT NULL,   -- smaller is sooner; within one priority the newest frame first
    attempts INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0 CHECK (running IN (0, 1)),
    queued_at_ms INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    part TEXT NOT NULL DEFAULT 'proofs' CHECK (part IN ('proofs', 'developed', 'large')),
    cuts INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO job_of_three (frame, priority, attempts, running, queued_at_ms, not_before_ms, part)
SELECT frame, priority, attempts, running, queued_at_ms, not_before_ms, part FROM job;
DROP TABLE job;
ALTER TABLE job_of_three RENAME TO job;
CREATE INDEX job_order ON job (part, running, priority, frame DESC);

-- Frames of one burst are looked for by their moment.
CREATE INDEX frame_by_moment ON frame (event, captured_order_ms);

-- Which look a frame has, from whom, and whether a development with it is still to be tried.
CREATE VIEW look_view AS
SELECT
    f.seq, f.event, f.creator, e.flow,
    coalesce(f.recipe, c.recipe, e.recipe) AS recipe,
    CASE WHEN f.recipe IS NOT NULL THEN 'frame' WHEN c.recipe IS NOT NULL THEN 'creator' ELSE 'event' END AS source,
    EXISTS (SELECT 1 FROM original o WHERE o.frame = f.seq AND o.kind = 'raw')
        OR EXISTS (SELECT 1 FROM arrival a WHERE a.frame = f.seq AND a.kind = 'raw') AS raw,
    coalesce(f.recipe, c.recipe, e.recipe) IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM development d WHERE d.frame = f.seq AND (
            d.outcome = 'undevelopable' OR coalesce(f.recipe, c.recipe, e.recipe) IN (d.tried, d.recipe)
        )
    ) AS untried
FROM frame f
JOIN creator c ON c.id = f.creator
JOIN event e ON e.id = f.event;

DROP VIEW frame_view;
CREATE VIEW frame_view AS
SELECT
    f.seq, f.id, f.event, f.stem, f.seen_at_ms, f.captured_local, f.facts, f.preview, f.preview_problem, f.version,
    f.width_px, f.height_px, f.thumbhash, f.ticket AS ticket_id, t.code AS ticket, c.name AS creator,
    EXISTS (SELECT 1 FROM original o WHERE o.frame = f.seq AND o.kind <> 'sidecar') AS landed,
    (SELECT group_concat(kind) FROM (
        SELECT kind FROM original WHERE frame = f.seq UNION SELECT kind FROM arrival WHERE frame = f.seq ORDER BY kind
    )) AS kinds,
    d.recipe IS NOT NULL AS developed,
    CASE
        WHEN EXISTS (
            SELECT 1 FROM job j WHERE j.frame = f.seq AND (j.part = 'developed' OR (j.part = 'proofs' AND EXISTS (
                SELECT 1 FROM look_view l WHERE l.seq = f.seq AND l.raw AND l.untried AND l.flow <> 'embedded_only'
            )))
        ) THEN 'waiting'
        WHEN d.frame IS NULL THEN 'embedded'
        WHEN d.outcome = 'failed' AND d.tried IS NOT d.recipe
            AND d.tried = (SELECT l.recipe FROM look_view l WHERE l.seq = f.seq) THEN 'failed'
        WHEN d.recipe IS NOT NULL THEN 'developed'
        ELSE 'embedded'
    END AS look
FROM frame f
JOIN creator c ON c.id = f.creator
LEFT JOIN ticket t ON t.id = f.ticket
LEFT JOIN development d ON d.frame = f.seq;
