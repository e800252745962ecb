-- Where pages of one value begin: counts has a value and a number together (filter '…,seq'), so its
-- values become longer. What is there has not been counted that way: until a sweep, or counts
-- --repair, has done it, totals are counted as they were before there was a table counts.

ALTER TABLE counts MODIFY COLUMN value VARCHAR(96) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;

DELETE FROM counts WHERE filter = 'opened';
