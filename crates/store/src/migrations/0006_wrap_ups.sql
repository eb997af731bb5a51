-- Whether a digest posts the overview of an event, once. The hash of a row is over all columns, so each row gets a new one
-- when it is written next.
ALTER TABLE subscriptions ADD COLUMN wrap_up BIGINT NOT NULL DEFAULT 0;
UPDATE subscriptions SET hash = NULL;

-- The events whose overview was planned for a subscription, and the run that holds it.
CREATE TABLE wrap_ups (
    subscription BIGINT NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (subscription, event)
);
