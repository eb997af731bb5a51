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
