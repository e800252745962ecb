-- Two indexes less for each message that is written. messages_in_order begins with the recipient, too,
-- and has an inbox in the order of its numbers, since all of that is in one channel and state.

DROP INDEX messages_of_recipient ON messages;

DROP INDEX messages_of_inbox ON messages;
