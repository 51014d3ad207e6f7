-- The service's own table, and the outbox. Both are written in one transaction: there is an event if and only if the order was committed.
CREATE TABLE orders (id bigint PRIMARY KEY, total numeric NOT NULL);
CREATE TABLE outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  number bigserial,
  key text NOT NULL,
  type text NOT NULL,
  payload jsonb NOT NULL,
  sent_at timestamptz
);
-- The rows that the relay still has to send. Never look for them with `number > the last one`: a transaction that began earlier may commit later.
CREATE INDEX outbox_unsent ON outbox (number) WHERE sent_at IS NULL;
