-- The pause of which the person was told, as `paused_since`. It takes the place of a table of notices. It is not hashed: a
-- wrong value costs a notice, or repeats one.
ALTER TABLE subscriptions ADD COLUMN pause_told BIGINT;
UPDATE subscriptions SET pause_told = paused_since WHERE person NOT IN (SELECT person FROM notices);
DROP TABLE notices;
