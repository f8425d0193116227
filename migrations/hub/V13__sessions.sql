-- Who guesses has to wait, and what became of tokens stays known.
--
-- As what V6 makes, this may run again over what a restore left.

-- Tokens are ended, not removed: one of a laptop that is revoked later still tells it so.
alter table token add column if not exists ended_at timestamptz;
-- The refresh token that this one was given for. Once it has been used, that one is not taken again.
alter table token add column if not exists given_for bytea;
create index if not exists token_given_for on token (given_for) where given_for is not null;
create index if not exists token_account on token (account_id);

-- Each attempt to sign in, noted before its password is looked at: of many at once only so many are.
-- A right one is removed.
create table if not exists attempt (
    id uuid primary key,
    -- the address, or a hash where nobody has it
    who text not null,
    -- where it came from; empty where that is not known
    source text not null,
    at timestamptz not null default now()
);
create index if not exists attempt_who on attempt (who, at);
create index if not exists attempt_source on attempt (source, at);
create index if not exists attempt_at on attempt (at);
