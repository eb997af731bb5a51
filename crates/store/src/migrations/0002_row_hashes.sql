-- A hash of all other columns of a row, so that a changed row is found. The program fills it in, since it computes the
-- hash; a row without one was written by an older version. `deliveries` has its hash since 0001.
ALTER TABLE state ADD COLUMN hash BIGINT;
ALTER TABLE posts ADD COLUMN hash BIGINT;
ALTER TABLE subscriptions ADD COLUMN hash BIGINT;
ALTER TABLE notices ADD COLUMN hash BIGINT;
ALTER TABLE servers_gone ADD COLUMN hash BIGINT;

-- The person who asked for the pause, if somebody did.
ALTER TABLE subscriptions ADD COLUMN paused_by BIGINT;

-- The hash of the contents of the index whose posts are all in `posts`, and the time at which the next of them is
-- published. So a start over the same contents need not read them.
ALTER TABLE state ADD COLUMN contents BIGINT;
ALTER TABLE state ADD COLUMN contents_until BIGINT;
