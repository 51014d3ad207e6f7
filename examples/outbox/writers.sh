# The service: orders and the events about them. To be sourced.
# Writes orders FROM to TO, ten in a transaction; every seventh transaction is rolled back. Transactions take different times (at most $pause seconds), and overlap.
write_orders() {
  psql -q -v ON_ERROR_STOP=1 <<SQL
    DO \$\$ BEGIN
      FOR low IN $1..$2 BY 10 LOOP
        INSERT INTO orders SELECT id, id * 1.25 FROM generate_series(low, low + 9) id;
        INSERT INTO outbox (key, type, payload)
          SELECT 'order-' || id, 'OrderCreated', json_build_object('id', id, 'total', total)
          FROM orders WHERE id BETWEEN low AND low + 9 ORDER BY id;
        PERFORM pg_sleep(random() * ${pause:-0.02});
        IF low / 10 % 7 = 6 THEN ROLLBACK; ELSE COMMIT; END IF;
      END LOOP;
    END \$\$
SQL
}

# Two writers in the background, each with its half of so many orders; their process ids are $writers.
start_writers() {
  write_orders 1 $(($1 / 2)) &
  writers=$!
  write_orders $(($1 / 2 + 1)) "$1" &
  writers+=" $!"
}
