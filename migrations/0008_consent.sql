-- Consent: who asked to be sent nothing unasked. Answers to their questions still go out.

alter table conversation add column takes_broadcasts boolean not null default true;
-- When the person last said so, or said the contrary; null: never.
alter table conversation add column broadcasts_chosen_at timestamptz;

-- Whether a queued broadcast may go is routing.
grant select (takes_broadcasts) on conversation to pregonero_dispatcher;
