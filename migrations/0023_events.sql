-- Events of everything that happens.

-- When who follows a campaign was last told how far it is: of several processes that look at it, one tells.
alter table campaign add column told_at timestamptz;
