-- Indexes for what is asked often, and of one tenant alone.

-- How many questions were refused today, each time that a tenant looks at its plan.
create index counted_question_refused on counted_question (tenant_id, day) where refused_by is not null;
