-- A mail changes its state twice, and each index that knows the state is written both times. What
-- these two were for the others do as well: messages_to_claim where the channel is named with the
-- state, the primary key where the numbers of what was claimed are named with its token.

DROP INDEX messages_due ON messages;

DROP INDEX messages_leased ON messages;
