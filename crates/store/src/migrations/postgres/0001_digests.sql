-- What must outlive the process. Times are milliseconds since 1970, ids of Discord are their 64 bits as a signed number,
-- what is true is 1. The two files of a number say the same to SQLite and to PostgreSQL.

-- One row: what names this state.
CREATE TABLE state (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL,
    -- Counts up with each change of `posts`; 0 before the first look at a corpus.
    seen BIGINT NOT NULL DEFAULT 0
);

-- Posts that were seen, in the order of their first sight.
CREATE TABLE posts (
    number BIGINT PRIMARY KEY,
    url TEXT,
    path TEXT NOT NULL,
    fingerprint BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    is_initial BIGINT NOT NULL
);

-- Who gets which digest, where and when: of a channel (server and channel), or of a person.
CREATE TABLE subscriptions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    server BIGINT,
    channel BIGINT,
    person BIGINT UNIQUE,
    interests TEXT NOT NULL,
    schedule TEXT NOT NULL,
    zone TEXT NOT NULL,
    when_empty TEXT NOT NULL,
    include_since BIGINT,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    paused TEXT,
    paused_since BIGINT,
    failures BIGINT NOT NULL DEFAULT 0,
    covered BIGINT NOT NULL,
    was_delivered BIGINT NOT NULL DEFAULT 0,
    decided_until BIGINT NOT NULL,
    next_run BIGINT,
    removed_at BIGINT,
    CHECK ((person IS NULL) = (server IS NOT NULL AND channel IS NOT NULL))
);
CREATE INDEX subscriptions_by_run ON subscriptions (next_run, id);
CREATE INDEX subscriptions_by_server ON subscriptions (server);

-- The ledger: a row a run, written before it is sent.
CREATE TABLE deliveries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription BIGINT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    server BIGINT,
    channel BIGINT,
    person BIGINT,
    slot BIGINT NOT NULL,
    last_slot BIGINT NOT NULL,
    slots BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    is_late BIGINT NOT NULL,
    key TEXT NOT NULL,
    body TEXT,
    more TEXT,
    -- Of both texts, so that a row can be checked without them.
    body_hash BIGINT NOT NULL,
    more_hash BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    covers BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    sending_since BIGINT,
    not_before BIGINT NOT NULL,
    lease_until BIGINT,
    message BIGINT,
    ended_at BIGINT,
    -- Of all columns above but `id` and the two texts.
    hash BIGINT NOT NULL,
    UNIQUE (subscription, slot)
);
CREATE INDEX deliveries_open ON deliveries (slot, id) WHERE state IN ('planned', 'sending');
CREATE INDEX deliveries_by_slot ON deliveries (slot, id);
CREATE INDEX deliveries_by_message ON deliveries (message);

-- What a person is to be told in the next answer that they see.
CREATE TABLE notices (
    person BIGINT PRIMARY KEY,
    notice TEXT NOT NULL,
    left_at BIGINT NOT NULL
);

-- Servers that the bot was removed from.
CREATE TABLE servers_gone (
    server BIGINT PRIMARY KEY,
    since BIGINT NOT NULL
);
