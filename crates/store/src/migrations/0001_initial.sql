-- What must outlive the process. Times are milliseconds since 1970, ids of Discord are their 64 bits as a signed number,
-- what is true is 1. The two files of a number say the same to SQLite and to PostgreSQL.
--
-- `hash` is that of all other columns of a row, so that a changed row is found. The program computes it, in the transaction
-- that writes the row.

-- One row: what names this state.
CREATE TABLE state (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL,
    -- Counts up with each change of `posts`; 0 before the first look at a corpus.
    seen BIGINT NOT NULL DEFAULT 0,
    -- The hash of the contents of the index whose posts are all in `posts`, and the time at which the next of them is
    -- published. So a start over the same contents need not read them.
    contents BIGINT,
    contents_until BIGINT,
    hash BIGINT
);

-- Posts that were seen, in the order of their first sight.
CREATE TABLE posts (
    number BIGINT PRIMARY KEY,
    url TEXT,
    path TEXT NOT NULL,
    fingerprint BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    is_initial BIGINT NOT NULL,
    hash BIGINT
);

-- Who gets which digest, where and when: of a channel (server and channel), or of a person.
CREATE TABLE subscriptions (
    id {generated key},
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
    -- The person who asked for the pause, if somebody did.
    paused_by BIGINT,
    failures BIGINT NOT NULL DEFAULT 0,
    covered BIGINT NOT NULL,
    was_delivered BIGINT NOT NULL DEFAULT 0,
    decided_until BIGINT NOT NULL,
    next_run BIGINT,
    removed_at BIGINT,
    -- Whether a digest posts the overview of an event, once.
    wrap_up BIGINT NOT NULL DEFAULT 0,
    hash BIGINT,
    CHECK ((person IS NULL) = (server IS NOT NULL AND channel IS NOT NULL))
);
CREATE INDEX subscriptions_by_run ON subscriptions (next_run, id);
CREATE INDEX subscriptions_by_server ON subscriptions (server);

-- The ledger: a row a run, written before it is sent.
CREATE TABLE deliveries (
    id {generated key},
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
    -- Without `id` and the two texts.
    hash BIGINT NOT NULL,
    UNIQUE (subscription, slot)
);
CREATE INDEX deliveries_open ON deliveries (slot, id) WHERE state IN ('planned', 'sending');
CREATE INDEX deliveries_by_slot ON deliveries (slot, id);
CREATE INDEX deliveries_by_message ON deliveries (message);

-- The events whose overview was planned for a subscription, and the run that holds it.
CREATE TABLE wrap_ups (
    subscription BIGINT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (subscription, event)
);

-- What a person is to be told in the next answer that they see.
CREATE TABLE notices (
    person BIGINT PRIMARY KEY,
    notice TEXT NOT NULL,
    left_at BIGINT NOT NULL,
    hash BIGINT
);

-- Servers that the bot was removed from.
CREATE TABLE servers_gone (
    server BIGINT PRIMARY KEY,
    since BIGINT NOT NULL,
    hash BIGINT
);

-- The time zone that was named last for a server, and by a person. A schedule without a zone takes it.
CREATE TABLE server_zones (
    server BIGINT PRIMARY KEY,
    zone TEXT NOT NULL,
    hash BIGINT
);
CREATE TABLE person_zones (
    person BIGINT PRIMARY KEY,
    zone TEXT NOT NULL,
    hash BIGINT
);

-- Answers that were given: what their buttons need (for a month), and the words of the question (for a day, for a conversation
-- that goes on). `turn` is JSON without the words of the question.
CREATE TABLE answers (
    number BIGINT PRIMARY KEY,
    channel BIGINT NOT NULL,
    server BIGINT,
    person BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    question TEXT,
    turn TEXT NOT NULL,
    hash BIGINT
);
CREATE INDEX answers_by_person ON answers (person, channel, asked_at);
CREATE INDEX answers_by_time ON answers (asked_at);

-- Which process does some work for all that share the database, and until when. A row holds nothing that would be missed.
CREATE TABLE leases (
    work BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL,
    ends BIGINT NOT NULL
);
