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
