-- Which process does some work for all that share the database, and until when. A row holds nothing that would be missed.
CREATE TABLE leases (
    work BIGINT PRIMARY KEY,
    owner BIGINT NOT NULL,
    ends BIGINT NOT NULL
);
