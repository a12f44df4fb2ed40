-- How gazettes are read, for whoever looks after them.

-- 0 to 100: what the recogniser believes of the words that it read; null: none were recognised, or it was not kept
alter table page add column confidence real check (confidence between 0 and 100);

-- while a file of the edition is read: pages done in the present step, of so many
alter table collection_attempt add column pages_done integer;
alter table collection_attempt add column pages_total integer;
